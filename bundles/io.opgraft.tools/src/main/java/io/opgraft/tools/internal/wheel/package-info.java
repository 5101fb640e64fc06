/** Python wheels: their description, and which of their files are op libraries. */
package io.opgraft.tools.internal.wheel;
