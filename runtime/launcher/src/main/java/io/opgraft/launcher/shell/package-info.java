/** The client of a running server's shell socket. */
package io.opgraft.launcher.shell;
