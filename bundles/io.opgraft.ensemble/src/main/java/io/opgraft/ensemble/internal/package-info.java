/** Ensembles. Not exported. */
package io.opgraft.ensemble.internal;
