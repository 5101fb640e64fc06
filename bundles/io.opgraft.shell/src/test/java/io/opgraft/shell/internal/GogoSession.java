package io.opgraft.shell.internal;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.felix.gogo.runtime.threadio.ThreadIOImpl;
import org.apache.felix.service.command.CommandSession;

/** Sessions for tests of commands that need one. */
public final class GogoSession {
    /**
     * One for all tests, and never stopped: a command that ends after its test puts its own streams back into {@code
     * System.out}, and those of another one would be refused then.
     */
    public static final ThreadIOImpl THREAD_IO = new ThreadIOImpl();

    static {
        THREAD_IO.start();
    }

    private GogoSession() {}

    /** A session whose current directory is given. */
    @SuppressWarnings("resource") // Nothing of it is to be closed but the session.
    public static CommandSession in(Path dir) {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
        CommandSession session = new Gogo().processor.createSession(InputStream.nullInputStream(), nowhere, nowhere);
        session.currentDir(dir);
        return session;
    }
}
