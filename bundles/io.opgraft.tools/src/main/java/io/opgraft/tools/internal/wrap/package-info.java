/** The command {@code wrap}: makes op bundles from plain libraries and from wheels. */
package io.opgraft.tools.internal.wrap;
