/** Measures inner pieces of the HTTP bundle; in its package, so that the bundle need not show them to anybody. */
package io.opgraft.http.internal;
