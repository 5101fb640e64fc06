/** The commands that op authors and operators run beside the server. */
package io.opgraft.tools.internal;
