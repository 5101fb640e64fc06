package io.opgraft.shell.internal;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;

/** A real Gogo runtime outside OSGi, with a few commands of scope {@code test}. */
final class Gogo implements AutoCloseable {
    private static final String[] COMMANDS = {"say", "warn", "number", "list", "fail", "silent", "sleep", "crash"};

    final CountDownLatch sleeping = new CountDownLatch(1);
    final CountDownLatch interrupted = new CountDownLatch(1);
    final CommandProcessorImpl processor;

    Gogo() {
        processor = new CommandProcessorImpl(GogoSession.THREAD_IO);
        for (String command : COMMANDS) {
            processor.addCommand("test", new Commands(), command);
        }
    }

    @Override
    public void close() {
        processor.stop();
    }

    /** Called by Gogo. */
    @SuppressWarnings("DoNotCallSuggester") // some are there to fail
    public final class Commands {
        public String say(String text) {
            return "you said " + text;
        }

        public void warn(String text) {
            System.out.println("out " + text);
            System.err.println("err " + text);
        }

        public int number() {
            return 42;
        }

        public List<String> list() {
            return List.of("one", "two");
        }

        public void fail() {
            throw new IllegalStateException("This went\nwrong.");
        }

        public void silent() {
            throw new IllegalStateException();
        }

        public void crash() {
            throw new AssertionError("an assertion");
        }

        public void sleep() throws InterruptedException {
            sleeping.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
                throw e;
            }
        }
    }
}
