package io.opgraft.models.internal.lifecycle;

import io.opgraft.models.internal.privateops.PrivateOps;
import io.opgraft.ops.OpIndex;
import io.opgraft.ops.OpInspector;
import io.opgraft.ops.OpStore;

/**
 * What the bundle {@code io.opgraft.ops} offers, and what models bring along.
 *
 * @param index the op libraries of the installed bundles
 * @param store the copies that outlive their bundles
 * @param inspector judges files that are not installed
 * @param privateOps installs what models bring along
 */
record OpServices(OpIndex index, OpStore store, OpInspector inspector, PrivateOps privateOps) {}
