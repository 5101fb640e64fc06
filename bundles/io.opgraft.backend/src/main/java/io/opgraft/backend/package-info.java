/**
 * What a framework backend implements: inspect a model, open op libraries in scopes of their own, load and run models
 * on tensors that live in native memory.
 */
@Export
@Version("1.6.0")
package io.opgraft.backend;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
