/** Starts an OSGi framework from feature files and keeps its persisted state in step with them. Knows no bundle's classes. */
package io.opgraft.launcher.server;
