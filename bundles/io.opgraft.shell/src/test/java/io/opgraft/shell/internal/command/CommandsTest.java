package io.opgraft.shell.internal.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.backend.DataType;
import io.opgraft.backend.Shape;
import io.opgraft.backend.TensorSpec;
import io.opgraft.models.Explanation;
import io.opgraft.models.Lease;
import io.opgraft.models.ModelMetadata;
import io.opgraft.models.ModelNotReadyException;
import io.opgraft.models.ModelStatus;
import io.opgraft.models.ModelStatus.State;
import io.opgraft.models.ModelStatus.VersionStatus;
import io.opgraft.models.Models;
import io.opgraft.models.UnknownModelException;
import io.opgraft.models.Wiring;
import io.opgraft.ops.LibraryReport;
import io.opgraft.ops.OpIndex;
import io.opgraft.ops.OpOrigin;
import io.opgraft.ops.OpProvider;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Version;

class CommandsTest {
    private static final Version ONE = new Version(1, 0, 0);

    private static final OpProvider ACME = new OpProvider(
            "tensorflow",
            List.of("AddSub"),
            "acme",
            ONE,
            7,
            OpProvider.State.ACTIVE,
            "",
            "0123456789abcdef",
            Path.of("libacme.so"),
            LibraryReport.NONE,
            OpOrigin.NONE);

    /** One model that is ready, one that waits and one that nobody asked for. */
    static final class ThreeModels implements Models {
        final List<String> calls = new ArrayList<>();

        @Override
        public List<ModelStatus> list() {
            return List.of(good(), missing(), new ModelStatus("idle", false, List.of(), Explanation.NONE));
        }

        private static ModelStatus good() {
            TensorSpec input = new TensorSpec("INPUT0", DataType.INT32, Shape.of(-1, 16));
            ModelMetadata metadata =
                    new ModelMetadata("good", 3, "tensorflow_savedmodel", 8, List.of(input), List.of(), "{}");
            Wiring wiring = new Wiring(List.of(new Wiring.Wire("AddSub", ACME)));
            return new ModelStatus(
                    "good",
                    true,
                    List.of(new VersionStatus(3, State.READY, metadata, wiring, List.of("AddSub"), Explanation.NONE)),
                    Explanation.NONE);
        }

        private static ModelStatus missing() {
            Explanation why = new Explanation(List.of(new Explanation.Reason(
                    Explanation.Kind.OP_MISSING, "Clip", "", "No bundle has Clip.", "Deploy one.")));
            return new ModelStatus(
                    "missing",
                    true,
                    List.of(new VersionStatus(1, State.WAITING, null, null, List.of("Clip"), why)),
                    Explanation.NONE);
        }

        @Override
        public ModelStatus get(String model) throws UnknownModelException {
            return list().stream()
                    .filter(status -> status.name().equals(model))
                    .findFirst()
                    .orElseThrow(() -> new UnknownModelException("There is no model " + model + "."));
        }

        @Override
        public Lease acquire(String model, OptionalLong version) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void load(String model) throws UnknownModelException, ModelNotReadyException {
            ModelStatus status = get(model);
            calls.add("load " + model);
            if (!status.ready()) {
                throw new ModelNotReadyException("It waits.", Explanation.NONE);
            }
        }

        @Override
        public void unload(String model) throws UnknownModelException {
            calls.add("unload " + get(model).name());
        }

        @Override
        public boolean ready() {
            return false;
        }

        @Override
        public CompletionStage<Void> started() {
            return CompletableFuture.completedFuture(null);
        }
    }

    private final ThreeModels models = new ThreeModels();
    private final ModelCommands commands = new ModelCommands(models);

    private static OpCommands ops(Models models, OpProvider... providers) {
        return new OpCommands(
                new OpIndex() {
                    @Override
                    public CompletionStage<Void> settled() {
                        return CompletableFuture.completedFuture(null);
                    }

                    @Override
                    public List<OpProvider> providers() {
                        return List.of(providers);
                    }

                    @Override
                    public List<OpProvider> providers(String framework, String op) {
                        return providers();
                    }
                },
                models);
    }

    private static void assertHas(String text, String... parts) {
        for (String part : parts) {
            assertTrue(text.contains(part), part + " is not in:\n" + text);
        }
    }

    @Test
    void modelsAreListed() {
        assertEquals(
                """
                MODEL    VERSION  STATE     OPS FROM
                good     3        READY     acme/1.0.0
                missing  1        WAITING   needs Clip
                idle     -        UNLOADED  -""",
                commands.models());
    }

    @Test
    void aModelIsShown() throws Exception {
        assertHas(commands.model("good"), "INPUT0", "INT32", "[-1,16]", "acme/1.0.0", "largest batch 8");
        assertHas(commands.model("missing"), "WAITING", "needs Clip", "No bundle has Clip.", "Deploy one.");
        assertHas(commands.model("idle"), "UNLOADED");
    }

    @Test
    void explanationsNameWhatIsMissingAndWhatToDo() throws Exception {
        assertHas(commands.explain("missing"), "WAITING", "No bundle has Clip.", "Deploy one.");
        assertHas(commands.explain("good"), "READY", "AddSub=acme/1.0.0");
        assertHas(commands.explain("idle"), "nobody asked for it");
    }

    @Test
    void unknownModelsAreErrors() {
        assertThrows(UnknownModelException.class, () -> commands.model("x"));
        assertThrows(UnknownModelException.class, () -> commands.explain("x"));
        assertThrows(UnknownModelException.class, () -> commands.load("x"));
        assertThrows(UnknownModelException.class, () -> commands.unload("x"));
    }

    @Test
    void loadAndUnload() throws Exception {
        assertEquals("good is ready.", commands.load("good"));
        assertThrows(ModelNotReadyException.class, () -> commands.load("missing"));
        assertEquals("good is unloaded.", commands.unload("good"));
        assertEquals(List.of("load good", "load missing", "unload good"), models.calls);
    }

    @Test
    void opsAreListedWithTheReasonOfARefusal() {
        OpProvider active = new OpProvider(
                "tensorflow",
                List.of("AddSub"),
                "acme",
                ONE,
                7,
                OpProvider.State.ACTIVE,
                "",
                "d",
                Path.of("x"),
                LibraryReport.NONE,
                OpOrigin.NONE);
        OpProvider refused = new OpProvider(
                "tensorflow",
                List.of("Clip"),
                "bad",
                ONE,
                8,
                OpProvider.State.REFUSED,
                "It lacks a symbol.",
                "",
                null,
                LibraryReport.NONE,
                OpOrigin.NONE);
        assertHas(ops(models, active, refused).ops(), "ACTIVE", "REFUSED", "bad/1.0.0: It lacks a symbol.");
        assertHas(ops(models, active).op("AddSub"), "acme", "good", "not loaded on trial");
        assertHas(ops(models, refused).op("Clip"), "bad/1.0.0 (bundle 8): refused\n  It lacks a symbol.");
        assertHas(ops(models).op("Clip"), "No installed bundle defines Clip", "missing");
        assertThrows(IllegalArgumentException.class, () -> ops(models).op("Nobody"));
    }

    @Test
    void anEmptyIndexSaysWhatToDo() {
        assertHas(ops(models).ops(), "deploy folder");
    }
}
