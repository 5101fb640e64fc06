/** The Gogo commands of scope {@code opgraft}. Not exported. */
package io.opgraft.shell.internal.command;
