package io.opgraft.tools.internal;

import io.opgraft.probe.LibraryProbe;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/** Which frameworks can load libraries on trial here. */
@FunctionalInterface
public interface Frameworks {
    /**
     * A framework as it is here.
     *
     * @param version its version; empty if it is not known
     * @param absence why it cannot load libraries; empty if it can
     */
    record State(String version, String absence) {
        private static final Pattern VERSION = Pattern.compile("\\b\\d+\\.\\d+\\S*");

        static State of(LibraryProbe probe) {
            try {
                Matcher version = VERSION.matcher(probe.environment());
                return new State(version.find() ? version.group() : "", "");
            } catch (IOException e) {
                return new State("", String.valueOf(e.getMessage()));
            }
        }
    }

    /**
     * Asks a framework.
     *
     * @param framework its name
     * @return its state
     */
    State state(String framework);

    /**
     * Those that bundles have registered when they are asked for.
     *
     * @param context of this bundle
     * @return the look-up
     */
    static Frameworks registered(BundleContext context) {
        return framework -> {
            try {
                for (ServiceReference<LibraryProbe> reference :
                        context.getServiceReferences(LibraryProbe.class, null)) {
                    LibraryProbe probe = context.getService(reference);
                    if (probe != null && probe.framework().equals(framework)) {
                        return State.of(probe);
                    }
                }
            } catch (InvalidSyntaxException e) {
                throw new IllegalStateException(e);
            }
            return new State("", "this distribution has no framework " + framework);
        };
    }
}
