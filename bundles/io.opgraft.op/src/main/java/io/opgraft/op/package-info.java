/**
 * What an op bundle offers: op libraries as services, or as {@code opgraft.op} capabilities in the manifest alone.
 *
 * <p>Authors need this package only when they register {@link io.opgraft.op.OpLibrary} themselves. A bundle that has
 * nothing but a manifest and native libraries needs no code; see {@link io.opgraft.op.OpNamespace}.
 */
@Export
@Version("1.0.0")
package io.opgraft.op;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
