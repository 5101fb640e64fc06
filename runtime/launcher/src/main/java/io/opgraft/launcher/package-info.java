/** The {@code opgraft} command on the Java side: parses the command line and hands over to a server or a shell client. */
package io.opgraft.launcher;
