package io.opgraft.models;

import java.util.List;
import java.util.stream.Collectors;
import org.osgi.framework.Version;

/**
 * The resolver's answer for one model version: each op that it needs and the bundle that provides it.
 *
 * @param wires ordered by op name; empty for a model without custom ops
 */
public record Wiring(List<Wire> wires) {
    /**
     * One op and its provider.
     *
     * @param op op name
     * @param bundle symbolic name
     * @param version version of the ops
     * @param bundleId the framework's id of the bundle
     * @param digest SHA-256 of the library as delivered
     */
    public record Wire(String op, String bundle, Version version, long bundleId, String digest) {
        @Override
        public String toString() {
            return op + "=" + bundle + "/" + version;
        }
    }

    /** Takes a copy. */
    public Wiring {
        wires = List.copyOf(wires);
    }

    /** The form of the {@code Opgraft-Ops} header: {@code AddSub=io.acme.addsub/1.2.0,Clip=io.acme.clip/2.0.0}. */
    @Override
    public String toString() {
        return wires.stream().map(Wire::toString).collect(Collectors.joining(","));
    }
}
