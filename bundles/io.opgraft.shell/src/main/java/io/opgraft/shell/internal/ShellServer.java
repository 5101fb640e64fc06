package io.opgraft.shell.internal;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.felix.service.command.CommandProcessor;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Accepts shell clients on a Unix-domain socket. Each connection has a Gogo session of its own. */
@Component(
        service = {},
        immediate = true,
        configurationPid = "io.opgraft.shell",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = ShellConfiguration.class)
public final class ShellServer {
    private static final Logger LOG = LoggerFactory.getLogger("io.opgraft.shell");
    private static final int MOST_SESSIONS = 32;

    private final CommandProcessor processor;
    private final Completion completion;
    private final String version;
    private final ShellSocket socket;
    private final Set<ShellSession> sessions = ConcurrentHashMap.newKeySet();

    /**
     * Starts to listen.
     *
     * @param processor makes sessions
     * @param completion finds candidates
     * @param context for the data directory and the product version
     * @param configuration where the socket is
     * @throws IOException if the socket cannot be made; the message says why
     */
    @Activate
    public ShellServer(
            @Reference CommandProcessor processor,
            @Reference Completion completion,
            BundleContext context,
            ShellConfiguration configuration)
            throws IOException {
        this.processor = processor;
        this.completion = completion;
        this.version = String.valueOf(context.getProperty("opgraft.version"));
        Path path = configuration.socket().isEmpty()
                ? Path.of(context.getProperty("opgraft.data"), "shell.sock")
                : Path.of(configuration.socket());
        try {
            this.socket = ShellSocket.listen(path);
        } catch (IOException e) {
            LOG.error("There is no shell: the socket {} cannot be used: {}.", path, e.getMessage());
            throw e;
        }
        thread("opgraft-shell-accept", this::accept);
    }

    private void accept() {
        int number = 0;
        while (socket.isOpen()) {
            try {
                SocketChannel client = socket.accept();
                if (sessions.size() >= MOST_SESSIONS) {
                    LOG.warn("A shell client was refused: {} sessions are open.", MOST_SESSIONS);
                    client.close();
                    continue;
                }
                number++;
                ShellSession session = new ShellSession(client, processor, completion, version, number);
                sessions.add(session);
                thread("opgraft-shell-" + number, () -> {
                    try {
                        session.serve();
                    } finally {
                        sessions.remove(session);
                    }
                });
            } catch (IOException e) {
                if (socket.isOpen()) {
                    LOG.warn("A shell client could not connect: {}", e.getMessage());
                }
            }
        }
    }

    static Thread thread(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** Stops listening and ends all sessions. Does not wait for them: one of them may be what stops this bundle. */
    @Deactivate
    void deactivate() throws IOException {
        socket.close();
        sessions.forEach(ShellSession::close);
    }
}
