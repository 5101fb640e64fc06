/** Not exported. */
package io.opgraft.log.internal;
