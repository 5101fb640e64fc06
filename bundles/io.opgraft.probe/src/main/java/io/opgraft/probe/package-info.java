/**
 * What a framework knows of an op library before it loads it: findings from its files, and the report of a process that
 * loaded it on trial.
 */
@Export
@Version("1.1.0")
package io.opgraft.probe;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
