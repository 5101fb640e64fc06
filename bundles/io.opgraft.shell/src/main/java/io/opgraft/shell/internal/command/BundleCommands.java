package io.opgraft.shell.internal.command;

import io.opgraft.shell.internal.BundleConverter;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.annotations.GogoCommand;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * Commands that change bundles. They stand before Felix's own of the same names, which take no symbolic names, pass over
 * mistakes in silence, and leave a bundle stopped if the server is killed while it is uninstalled.
 */
@Component(service = BundleCommands.class)
@GogoCommand(
        scope = "opgraft",
        function = {"start", "stop", "update", "uninstall"})
public class BundleCommands {
    private final BundleContext context;
    private final Uninstalling uninstalling;

    /**
     * Makes the commands.
     *
     * @param context knows the bundles
     */
    @Activate
    public BundleCommands(BundleContext context) {
        this(context, new Uninstalling(Path.of(context.getProperty("opgraft.data"), "state", "uninstalling")));
    }

    BundleCommands(BundleContext context, Uninstalling uninstalling) {
        this.context = context;
        this.uninstalling = uninstalling;
    }

    /**
     * Starts bundles.
     *
     * @param session for the working directory
     * @param names of bundles; or files and URLs, which are installed first
     * @throws BundleException if one cannot be installed or started; those before it are
     */
    @Descriptor("starts bundles; a file or URL is installed first")
    public void start(
            CommandSession session, @Descriptor("ids, symbolic names, name/version, files or URLs") String... names)
            throws BundleException {
        require(names);
        for (String name : names) {
            URI source = source(session, name);
            Bundle bundle = source == null ? bundle(name) : context.installBundle(source.toString());
            bundle.start();
        }
    }

    /**
     * Stops bundles; they stay stopped over a restart.
     *
     * @param names of bundles
     * @throws BundleException if one cannot be stopped; those before it are
     */
    @Descriptor("stops bundles; stop 0 ends the server")
    public void stop(@Descriptor("ids, symbolic names or name/version") String... names) throws BundleException {
        require(names);
        for (Bundle bundle : bundles(names)) {
            bundle.stop();
        }
    }

    /**
     * Updates a bundle from where it was installed from.
     *
     * @param name of the bundle
     * @throws BundleException if that cannot be read or is no bundle
     */
    @Descriptor("updates a bundle from where it came from")
    public void update(@Descriptor("id, symbolic name or name/version") String name) throws BundleException {
        bundle(name).update();
    }

    /**
     * Updates a bundle from elsewhere.
     *
     * @param session for the working directory
     * @param name of the bundle
     * @param from a file or URL
     * @throws BundleException if it is no bundle
     * @throws IOException if it cannot be read
     */
    @Descriptor("updates a bundle from a file or URL")
    public void update(
            CommandSession session,
            @Descriptor("id, symbolic name or name/version") String name,
            @Descriptor("file or URL") String from)
            throws BundleException, IOException {
        Bundle bundle = bundle(name);
        URI source = source(session, from);
        if (source == null) {
            throw new IllegalArgumentException("There is no file " + from + ", and it is no URL.");
        }
        URL url = source.toURL();
        try (InputStream in = url.openStream()) {
            bundle.update(in);
        }
    }

    /**
     * Uninstalls bundles, also if the server is killed meanwhile.
     *
     * @param names of bundles
     * @throws BundleException if one cannot be uninstalled
     * @throws IOException if the intention cannot be noted; nothing is uninstalled then
     */
    @Descriptor("uninstalls bundles")
    public void uninstall(@Descriptor("ids, symbolic names or name/version") String... names)
            throws BundleException, IOException {
        require(names);
        for (Bundle bundle : bundles(names)) {
            if (bundle.getBundleId() == 0) {
                throw new IllegalArgumentException("Bundle 0 is the framework itself; stop 0 ends the server.");
            }
            uninstalling.begin(bundle.getLocation());
            try {
                bundle.uninstall();
            } finally {
                uninstalling.end(bundle.getLocation());
            }
        }
    }

    private static void require(String... names) {
        if (names.length == 0) {
            throw new IllegalArgumentException(
                    "Name a bundle by its id, its symbolic name or name/version; lb lists them.");
        }
    }

    /** All of them or none: a mistake in the last name changes nothing. */
    private List<Bundle> bundles(String... names) {
        List<Bundle> bundles = new ArrayList<>();
        for (String name : names) {
            bundles.add(bundle(name));
        }
        return bundles;
    }

    private Bundle bundle(String name) {
        if (name.matches("\\d{1,18}")) {
            Bundle bundle = context.getBundle(Long.parseLong(name));
            if (bundle == null) {
                throw new IllegalArgumentException("There is no bundle " + name + "; lb lists them.");
            }
            return bundle;
        }
        List<Bundle> found = BundleConverter.named(context, name);
        if (found.isEmpty()) {
            throw new IllegalArgumentException("There is no bundle " + name + "; lb lists them.");
        }
        if (found.size() > 1) {
            List<String> ids = found.stream()
                    .map(bundle -> bundle.getBundleId() + " (" + bundle.getVersion() + ")")
                    .toList();
            throw new IllegalArgumentException(
                    "Several bundles are called " + name + "; say which by its id: " + String.join(", ", ids) + ".");
        }
        return found.get(0);
    }

    /** A file or a URL; null if it is neither. */
    private static URI source(CommandSession session, String text) {
        Path file = session.currentDir().resolve(text);
        if (text.endsWith(".jar") && Files.isRegularFile(file)) {
            return file.toUri();
        }
        return text.matches("[a-z][a-z0-9+.-]+:.+") ? URI.create(text) : null;
    }
}
