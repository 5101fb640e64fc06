package io.opgraft.metrics.internal;

import io.opgraft.backend.Backend;
import io.opgraft.models.Explanation;
import io.opgraft.models.ModelChanges;
import io.opgraft.models.ModelMetadata;
import io.opgraft.models.ModelOptions;
import io.opgraft.models.ModelStatus;
import io.opgraft.models.ModelStatus.State;
import io.opgraft.models.ModelStatus.VersionStatus;
import io.opgraft.models.Models;
import io.opgraft.models.Retained;
import io.opgraft.models.RetainedLibrary;
import io.opgraft.models.Scheduling;
import io.opgraft.models.Wiring;
import io.opgraft.models.WiringChange;
import io.opgraft.ops.LibraryFacts;
import io.opgraft.ops.LibraryReport;
import io.opgraft.ops.OpIndex;
import io.opgraft.ops.OpOrigin;
import io.opgraft.ops.OpProvider;
import io.opgraft.probe.Verdict;
import io.opgraft.serving.BatchStatistics;
import io.opgraft.serving.CacheStatistics;
import io.opgraft.serving.FailureReason;
import io.opgraft.serving.ModelStatistics;
import io.opgraft.serving.ResponseCacheStatistics;
import io.opgraft.serving.Serving;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.osgi.framework.Version;

/** What is counted. */
final class Fakes {
    static final List<ModelStatus> MODELS = new CopyOnWriteArrayList<>();
    static final List<OpProvider> PROVIDERS = new CopyOnWriteArrayList<>();
    static final List<RetainedLibrary> LOADED = new CopyOnWriteArrayList<>();
    static final List<WiringChange> HISTORY = new CopyOnWriteArrayList<>();
    static final List<ModelStatistics> STATISTICS = new CopyOnWriteArrayList<>();

    static volatile ResponseCacheStatistics cache = ResponseCacheStatistics.NONE;

    private Fakes() {}

    static void clear() {
        MODELS.clear();
        PROVIDERS.clear();
        LOADED.clear();
        HISTORY.clear();
        STATISTICS.clear();
        cache = ResponseCacheStatistics.NONE;
    }

    static Models models() {
        return proxy(Models.class, Map.of("list", MODELS));
    }

    static OpIndex ops() {
        return proxy(OpIndex.class, Map.of("providers", PROVIDERS));
    }

    static Backend backend(String name) {
        return proxy(Backend.class, Map.of("name", name));
    }

    static ModelChanges changes() {
        return proxy(ModelChanges.class, Map.of("history", HISTORY, "retained", (Supplier<Retained>)
                () -> new Retained(LOADED, 0, 0)));
    }

    static Serving serving() {
        return proxy(Serving.class, Map.of("statistics", STATISTICS, "cache", (Supplier<ResponseCacheStatistics>)
                () -> cache));
    }

    /** An object whose methods give fixed answers, or what a supplier gives. */
    static <T> T proxy(Class<T> type, Map<String, Object> answers) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                    if (!answers.containsKey(method.getName())) {
                        throw new UnsupportedOperationException(method.toString());
                    }
                    Object answer = answers.get(method.getName());
                    return answer instanceof Supplier<?> supplier ? supplier.get() : answer;
                }));
    }

    static OpProvider provider(String bundle, OpProvider.State state, Verdict verdict, String reason) {
        return new OpProvider(
                "tensorflow",
                List.of("Add"),
                bundle,
                new Version(1, 0, 0),
                7,
                state,
                reason,
                bundle + "-digest",
                Path.of("x"),
                new LibraryReport(verdict, List.of(), null, "", LibraryFacts.NONE),
                OpOrigin.NONE);
    }

    /** A model version that did everything there is. */
    static ModelStatistics busy(String model) {
        return new ModelStatistics(
                model,
                2,
                Map.of("site", "north", "model", "not mine", "a-b", "c"),
                1,
                6,
                10,
                Map.of(
                        FailureReason.OVERLOAD, 1L,
                        FailureReason.DEADLINE, 2L,
                        FailureReason.BACKEND, 3L,
                        FailureReason.OTHER, 4L),
                12,
                3,
                600_000,
                50_000,
                70_000,
                100_000,
                300_000,
                200_999,
                new CacheStatistics(2, 8_000, 4, 16_000),
                List.of(new BatchStatistics(1, 1, 0, 0, 0), new BatchStatistics(5, 2, 0, 0, 0)),
                7,
                8,
                Map.of("acme/1.0.0", 5L));
    }

    static ModelStatus ready(String name, OpProvider provider) {
        Wiring wiring = new Wiring(List.of(new Wiring.Wire("Add", provider)));
        return new ModelStatus(
                name,
                true,
                List.of(new VersionStatus(1, State.READY, null, wiring, List.of("Add"), Explanation.NONE)),
                Explanation.NONE);
    }

    /** A model that can be asked, with a tag. */
    static ModelStatus served(String name, boolean cache) {
        ModelOptions options = new ModelOptions(
                Scheduling.PLAIN, Set.of(), Map.of(), Map.of(), Map.of(), cache, Map.of("site", "south"));
        ModelMetadata metadata = new ModelMetadata(name, 1, "p", 0, List.of(), List.of(), "{}", options);
        return new ModelStatus(
                name,
                true,
                List.of(new VersionStatus(
                        1, State.READY, metadata, new Wiring(List.of()), List.of(), Explanation.NONE)),
                Explanation.NONE);
    }
}
