package io.opgraft.models.internal.lifecycle;

import io.opgraft.models.Lease;
import io.opgraft.models.ModelNotReadyException;
import io.opgraft.models.ModelStatus;
import io.opgraft.models.ModelStatus.VersionStatus;
import io.opgraft.models.UnknownModelException;
import io.opgraft.models.internal.fake.FakeBackend;
import io.opgraft.models.internal.fake.FakeBundles;
import io.opgraft.models.internal.fake.FakeOpIndex;
import io.opgraft.models.internal.fake.FakeOpStore;
import io.opgraft.models.internal.privateops.PrivateOps;
import io.opgraft.models.internal.repository.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/** The models with fakes around them and repositories on disk. */
final class Server {
    static final long GRACE = 5000;
    static final long POLL = 1000;

    final Path repository;
    final Path state;
    final FakeOpIndex index = new FakeOpIndex();
    final FakeOpStore store = new FakeOpStore();
    final FakeBackend backend = new FakeBackend();
    final FakeBundles bundles = new FakeBundles();
    final ManualWorker worker = new ManualWorker();
    Limits limits = Limits.DEFAULT;
    boolean fileOverrides;
    ModelsImpl models;

    Server(Path directory) throws IOException {
        repository = Files.createDirectories(directory.resolve("models"));
        state = directory.resolve("state");
    }

    /** Writes a version of a model; each line of its file is an op. */
    Server model(String name, int version, String... ops) throws IOException {
        Path folder = Files.createDirectories(repository.resolve(name).resolve(Integer.toString(version)));
        Files.write(folder.resolve("model.fake"), List.of(ops));
        return this;
    }

    Server config(String name, String text) throws IOException {
        Files.createDirectories(repository.resolve(name));
        Files.writeString(repository.resolve(name).resolve("config.pbtxt"), text);
        return this;
    }

    Server create(ControlMode mode, String... load) {
        models = new ModelsImpl(
                new Settings(mode, List.of(load), POLL, state, fileOverrides, limits),
                new Repository(List.of(repository)),
                ops(),
                index::isActive,
                GRACE,
                worker,
                new ManualWorker());
        return this;
    }

    OpServices ops() {
        return new OpServices(index, store, store, new PrivateOps(bundles, state.resolveSibling("wrapped")));
    }

    Server start(ControlMode mode, String... load) {
        create(mode, load);
        models.backendAdded(backend);
        models.start();
        return this;
    }

    /** Installs a bundle or updates it in place, as the framework would. */
    void deploy(long id, String bundle, String version, String... ops) {
        index.remove(id);
        store.keep(index.add(id, bundle, version, ops));
        changed(ops);
    }

    void changed(String... ops) {
        models.changed(FakeBackend.NAME, Set.of(ops));
    }

    VersionStatus version(String model, long version) throws UnknownModelException {
        ModelStatus status = models.get(model);
        return status.versions().stream()
                .filter(v -> v.version() == version)
                .findFirst()
                .orElseThrow(() -> new AssertionError(status.toString()));
    }

    String wiring(String model) throws UnknownModelException, ModelNotReadyException {
        try (Lease lease = models.acquire(model, OptionalLong.empty())) {
            return lease.wiring().toString();
        }
    }

    Lease lease(String model) throws UnknownModelException, ModelNotReadyException {
        return models.acquire(model, OptionalLong.empty());
    }
}
