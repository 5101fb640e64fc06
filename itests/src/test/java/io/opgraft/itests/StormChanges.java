package io.opgraft.itests;

import io.opgraft.itests.NumberedOps.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Op bundles that come, change and go in random order and many at once, by the deploy folder and through the shell.
 *
 * <p>{@link #KEPT}, {@link #OFFSET} and {@link #SHELL} are always there and only change; of {@link #LEFT} and {@link #RIGHT}
 * one is always there; {@link #GONE} is really taken away at times; all others are of no concern to any model.
 */
final class StormChanges implements AutoCloseable {
    static final String KEPT = "storm.kept";
    static final String OFFSET = "storm.offset";
    static final String SHELL = "storm.shell";
    static final String LEFT = "storm.left";
    static final String RIGHT = "storm.right";
    static final String GONE = "storm.gone";

    private static final int OTHERS = 6;
    // FileInstall takes a file when two of its looks, 500 ms apart, see the same.
    private static final long NOTICED_MILLIS = 1200;

    private final NumberedOps ops;
    private final Path deploy;
    private final Path files;
    private final Random random;
    private final ShellSession shell;
    private final String shellId;
    private final Map<String, Integer> present = new TreeMap<>();
    private final Map<String, Long> changed = new TreeMap<>();
    private final List<Long> removals = new ArrayList<>();
    private String coming = "";
    private int version;
    private int changes;

    /** Lays out the first versions in the deploy folder, and installs one through the shell. */
    StormChanges(Path deploy, NumberedOps ops, Path files, ServerProcess server, Random random) throws IOException {
        this.deploy = deploy;
        this.ops = ops;
        this.files = Files.createDirectories(files.resolve("files"));
        this.random = random;
        this.shell = ShellSession.open(server.data());
        for (String bundle : List.of(KEPT, OFFSET, LEFT, GONE)) {
            put(bundle);
        }
        shellId = install(SHELL);
    }

    private static Kind kind(String bundle) {
        if (bundle.equals(OFFSET)) {
            return Kind.OFFSET;
        }
        return bundle.equals(KEPT) || bundle.equals(RIGHT) ? Kind.SCALE_CPP : Kind.SCALE;
    }

    private Path jar(String bundle) {
        return deploy.resolve(bundle + ".jar");
    }

    private void put(String bundle) throws IOException {
        // Now and then one that was there before: its library is loaded already.
        boolean again = version > 0 && random.nextInt(8) == 0;
        int next = again ? 1 + random.nextInt(version) : ++version;
        ops.write(jar(bundle), kind(bundle), bundle, next);
        present.put(bundle, next);
        changed.put(bundle, System.nanoTime());
        changes++;
    }

    private void remove(String bundle) throws IOException {
        Files.deleteIfExists(jar(bundle));
        present.remove(bundle);
        changed.put(bundle, System.nanoTime());
        changes++;
    }

    /** Writes the next version of a bundle for the shell; its address. */
    private String shellJar(String bundle) throws IOException {
        Path jar = files.resolve(bundle + ".jar");
        ops.write(jar, kind(bundle), bundle, ++version);
        present.put(bundle, version);
        changes++;
        return jar.toUri().toString();
    }

    /** Installs and starts the next version of a bundle; its id. */
    private String install(String bundle) throws IOException {
        String id = shell.run("install " + shellJar(bundle)).replaceAll("\\D", "");
        shell.run("start " + id);
        return id;
    }

    /** Makes one to four changes at once. */
    void step(StormClients clients, NumberedModel lacking) throws IOException {
        for (int i = random.nextInt(4); i >= 0; i--) {
            switch (random.nextInt(8)) {
                case 0, 1 -> update(KEPT);
                case 2 -> update(OFFSET);
                case 3 -> shell.run("update " + SHELL + " " + shellJar(SHELL));
                case 4 -> shell.run("stop " + shellId + "; start " + shellId);
                case 5 -> trade();
                case 6 -> takeAway(clients, lacking);
                default -> others();
            }
        }
    }

    private void update(String bundle) throws IOException {
        if (isSettled(bundle)) {
            put(bundle);
        }
    }

    private boolean isSettled(String bundle) {
        long since = System.nanoTime() - changed.getOrDefault(bundle, 0L);
        return since > TimeUnit.MILLISECONDS.toNanos(NOTICED_MILLIS);
    }

    /** One comes, and when it can be used the other goes. */
    private void trade() throws IOException {
        if (coming.isEmpty()) {
            coming = present.containsKey(LEFT) ? RIGHT : LEFT;
            put(coming);
        } else if (isActive(coming)) {
            remove(coming.equals(LEFT) ? RIGHT : LEFT);
            coming = "";
        }
    }

    /** Whether the server says that models may use the version that is there last. */
    private boolean isActive(String bundle) throws IOException {
        String wanted = "1.0." + present.get(bundle);
        return shell.run("opgraft:ops")
                .lines()
                .map(line -> List.of(line.strip().split("[\\s/|]+")))
                .anyMatch(words -> words.contains(bundle) && words.contains(wanted) && words.contains("ACTIVE"));
    }

    /** Takes the op away for as long as it needs to be missed, then gives it back. */
    private void takeAway(StormClients clients, NumberedModel lacking) throws IOException {
        if (!isSettled(GONE)) {
            return;
        }
        if (!present.containsKey(GONE)) {
            long removed = removals.get(removals.size() - 1);
            if (removals.size() % 2 == 0
                    || clients.refusals().stream().anyMatch(refusal -> refusal.asked() >= removed)) {
                put(GONE);
            }
        } else if (clients.saw(lacking, NumberedOps.label(GONE, present.get(GONE)))) {
            removals.add(System.nanoTime());
            remove(GONE);
        }
    }

    private void others() throws IOException {
        for (int i = 0; i < OTHERS; i++) {
            String bundle = "storm.other" + i;
            if (i % 2 == 0) {
                if (present.containsKey(bundle)) {
                    remove(bundle);
                } else {
                    put(bundle);
                }
            } else if (present.containsKey(bundle)) {
                shell.run("uninstall " + bundle);
                present.remove(bundle);
            } else {
                install(bundle);
            }
        }
        Path broken = deploy.resolve("storm.broken.jar");
        if (!Files.deleteIfExists(broken)) {
            ops.writeBroken(broken, "storm.broken", ++version);
        }
    }

    /** Puts back what was taken away. */
    void restore() throws IOException {
        if (!present.containsKey(GONE)) {
            put(GONE);
        }
    }

    /** The version of a bundle that is there last, {@code name/version}; empty if it is not there. */
    String label(String bundle) {
        Integer number = present.get(bundle);
        return number == null ? "" : NumberedOps.label(bundle, number);
    }

    /** When {@link #GONE} was taken away, each time just before it was done. */
    List<Long> removals() {
        return List.copyOf(removals);
    }

    /** How many bundles were installed, updated or removed. */
    int changes() {
        return changes;
    }

    @Override
    public void close() throws IOException {
        shell.close();
    }
}
