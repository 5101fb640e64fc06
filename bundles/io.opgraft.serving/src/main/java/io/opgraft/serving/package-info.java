/** The request path: from a leased instance over its input tensors to the outputs. */
@Export
@Version("1.5.0")
package io.opgraft.serving;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
