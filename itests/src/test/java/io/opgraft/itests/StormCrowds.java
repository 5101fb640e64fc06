package io.opgraft.itests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Gives each crowd its next version as soon as its model has answered with the last one. */
final class StormCrowds implements AutoCloseable {
    private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(3);

    private final List<StormCrowd> crowds;
    private final Path deploy;
    private final Path files;
    private final NumberedOps ops;
    private final ShellSession shell;
    private final Map<StormCrowd, Integer> versions = new LinkedHashMap<>();
    private final Map<StormCrowd, Long> changed = new LinkedHashMap<>();

    /** Installs the first versions: of every second one by the deploy folder, of the others through the shell. */
    StormCrowds(List<StormCrowd> crowds, ServerProcess server, NumberedOps ops, Path files) throws IOException {
        this.crowds = crowds;
        this.deploy = server.deploy();
        this.files = Files.createDirectories(files.resolve("crowds"));
        this.ops = ops;
        this.shell = ShellSession.open(server.data());
        for (StormCrowd crowd : crowds) {
            change(crowd);
        }
    }

    private static boolean isDeployed(StormCrowd crowd) {
        return crowd.index() % 2 == 0;
    }

    private void change(StormCrowd crowd) throws IOException {
        int version = versions.merge(crowd, 1, Integer::sum);
        changed.put(crowd, System.nanoTime());
        Path jar = (isDeployed(crowd) ? deploy : files).resolve(crowd.bundle() + ".jar");
        crowd.write(ops, jar, version);
        if (isDeployed(crowd)) {
            return;
        }
        if (version == 1) {
            String id = shell.run("install " + jar.toUri()).replaceAll("\\D", "");
            shell.run("start " + id);
        } else {
            shell.run("update " + crowd.bundle() + " " + jar.toUri());
        }
    }

    /** Changes those that are due. */
    void step(StormClients clients) throws IOException {
        for (StormCrowd crowd : crowds) {
            if (clients.saw(crowd.model(), label(crowd))) {
                change(crowd);
            } else if (System.nanoTime() - changed.get(crowd) > LONGEST_NANOS) {
                clients.blame(label(crowd) + " answers nothing after 3 minutes");
            }
        }
    }

    /** The version that is there last. */
    String label(StormCrowd crowd) {
        return NumberedOps.label(crowd.bundle(), versions.get(crowd));
    }

    @Override
    public void close() throws IOException {
        shell.close();
    }
}
