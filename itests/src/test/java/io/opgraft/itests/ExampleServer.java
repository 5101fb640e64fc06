package io.opgraft.itests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A server with the example models and their op bundles, for all tests of a class. */
final class ExampleServer implements BeforeAllCallback, AfterAllCallback {
    private Path folder;
    private ServerProcess process;

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        folder = Files.createTempDirectory("opgraft-example");
        AddSub.deployAll(data().resolve("deploy"));
        process = ServerProcess.start(data(), AddSub.models());
        process.http().awaitSettled();
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        if (process != null) {
            process.close();
        }
        FixtureRepository.deleteTree(folder);
    }

    /** A folder for the tests' own files; it goes with the server. */
    Path folder() {
        return folder;
    }

    /** The server's data directory. */
    Path data() {
        return folder.resolve("data");
    }

    ServerProcess process() {
        return process;
    }

    HttpProbe http() {
        return process.http();
    }

    Opgraft.Result shell(String... command) throws IOException, InterruptedException {
        return process.shell(command);
    }
}
