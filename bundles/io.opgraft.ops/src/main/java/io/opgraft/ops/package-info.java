/** The op index: every op library that bundles deliver, with its state and the reasons for it. */
@Export
@Version("1.1.0")
package io.opgraft.ops;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
