package io.opgraft.benchmarks;

import io.opgraft.http.internal.Pieces;
import java.nio.file.Path;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** The inner pieces of a request, each alone, with JMH in JVMs of their own. */
final class Inner {
    private Inner() {}

    static void run(Path home, Path library) throws RunnerException {
        new Runner(new OptionsBuilder()
                        .include(Pieces.class.getName())
                        .include(LookUp.class.getName())
                        .include(LeaseTime.class.getName())
                        .jvmArgsAppend(
                                // Else the log is at its most talkative.
                                "-Dlogback.configurationFile=" + home.resolve("conf/logback.xml"),
                                "-Dopgraft.home=" + home,
                                "-Dopgraft.benchmarks.library=" + library,
                                "-Dopgraft.benchmarks.models=" + System.getProperty("opgraft.benchmarks.models"))
                        .build())
                .run();
    }
}
