package io.opgraft.demo;

import java.lang.management.ManagementFactory;
import java.util.List;

/** The options of this JVM, for the server's JVM to have the same. */
final class ServerJvm {
    private ServerJvm() {}

    static List<String> arguments() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> !argument.startsWith("-agentlib") && !argument.startsWith("-javaagent"))
                .toList();
    }
}
