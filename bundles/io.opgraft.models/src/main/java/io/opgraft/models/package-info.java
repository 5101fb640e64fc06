/** The models that a server knows: their state, the wiring of their ops, and leases on their instances. */
@Export
@Version("1.3.0")
package io.opgraft.models;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
