/** What is known of a library after it was judged. */
package io.opgraft.tools.internal.judge;
