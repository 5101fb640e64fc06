/** The command {@code lint}: says of op libraries how they can live beside others. */
package io.opgraft.tools.internal.lint;
