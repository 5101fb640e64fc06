/** What models are wired to, written for programs: JSON, Graphviz DOT, and bills of materials. */
@Export
@Version("1.0.0")
package io.opgraft.models.view;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
