package io.opgraft.models;

import io.opgraft.models.Explanation.Reason;
import io.opgraft.ops.OpProvider;
import java.util.List;
import java.util.Objects;
import org.osgi.framework.Version;

/**
 * The resolver's answer for one model version: each op that it needs and the op library that provides it. Wirings with
 * equal wires are equal, whatever their notes say.
 *
 * @param wires ordered by op name; empty for a model without custom ops
 * @param notes op libraries that were passed over for these, each with the reason; for people
 */
public record Wiring(List<Wire> wires, List<Reason> notes) {
    /**
     * One op and its provider. Wires are equal if op, bundle, version, bundle id and digest are, whatever state and
     * report of the provider say.
     *
     * @param op op name
     * @param provider the op library as the resolver saw it
     */
    public record Wire(String op, OpProvider provider) {
        /** Checks that both parts are there. */
        public Wire {
            Objects.requireNonNull(op, "op");
            Objects.requireNonNull(provider, "provider");
        }

        /**
         * Who delivers the op.
         *
         * @return symbolic name
         */
        public String bundle() {
            return provider.bundle();
        }

        /**
         * Which version of it.
         *
         * @return version of the ops
         */
        public Version version() {
            return provider.version();
        }

        /**
         * Which installed bundle.
         *
         * @return the framework's id of the bundle
         */
        public long bundleId() {
            return provider.bundleId();
        }

        /**
         * Which library.
         *
         * @return SHA-256 of the library as delivered
         */
        public String digest() {
            return provider.digest();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Wire wire
                    && op.equals(wire.op)
                    && bundle().equals(wire.bundle())
                    && version().equals(wire.version())
                    && bundleId() == wire.bundleId()
                    && digest().equals(wire.digest());
        }

        @Override
        public int hashCode() {
            return Objects.hash(op, bundle(), version(), bundleId(), digest());
        }

        @Override
        public String toString() {
            return op + "=" + bundle() + "/" + version();
        }
    }

    /** Takes copies. */
    public Wiring {
        wires = List.copyOf(wires);
        notes = List.copyOf(notes);
    }

    /**
     * Makes a wiring without notes.
     *
     * @param wires ordered by op name
     */
    public Wiring(List<Wire> wires) {
        this(wires, List.of());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Wiring wiring && wires.equals(wiring.wires);
    }

    @Override
    public int hashCode() {
        return wires.hashCode();
    }

    /** The form of the {@code Opgraft-Ops} header: {@code AddSub=io.acme.addsub/1.2.0,Clip=io.acme.clip/2.0.0}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Wire wire : wires) {
            text.append(text.isEmpty() ? "" : ",").append(wire);
        }
        return text.toString();
    }
}
