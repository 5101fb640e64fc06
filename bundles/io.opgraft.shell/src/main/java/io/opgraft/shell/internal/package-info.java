/** The socket, its sessions and the protocol on it. Not exported. */
package io.opgraft.shell.internal;
