/** Reads ELF shared libraries without loading them, and repairs private copies of them. */
@Export
@Version("1.2.0")
package io.opgraft.elf;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
