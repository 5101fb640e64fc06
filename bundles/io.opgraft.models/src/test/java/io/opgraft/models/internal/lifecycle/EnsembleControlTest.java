package io.opgraft.models.internal.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.models.ModelNotReadyException;
import io.opgraft.models.ModelStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ensembles and the models that they are made of. */
class EnsembleControlTest {
    @TempDir
    Path directory;

    private Server server;

    @BeforeEach
    void create() throws Exception {
        server = new Server(directory);
        server.backend.steps = model -> {
            try {
                return server.models.get(model).ready();
            } catch (Exception e) {
                return false;
            }
        };
    }

    private void ensemble(String name, String... steps) throws Exception {
        Files.createDirectories(server.repository.resolve(name).resolve("1"));
        StringBuilder text = new StringBuilder(
                "max_batch_size: 4 input { name: \"T0\" data_type: TYPE_INT32 dims: 16 } " + "output { name: \"T"
                        + steps.length + "\" data_type: TYPE_INT32 dims: 16 } ensemble_scheduling {");
        for (int i = 0; i < steps.length; i++) {
            // Model b is an ensemble of one step.
            boolean nested = steps[i].equals("b");
            text.append(" step { model_name: \"" + steps[i] + "\" input_map { key: \"" + (nested ? "T0" : "IN")
                    + "\" value: \"T" + i + "\" } output_map { key: \"" + (nested ? "T1" : "OUT") + "\" value: \"T"
                    + (i + 1) + "\" } }");
        }
        server.config(name, text + " }");
    }

    private List<String> ready() {
        return server.models.list().stream()
                .filter(ModelStatus::ready)
                .map(ModelStatus::name)
                .toList();
    }

    @Test
    void versionFolderMayBeEmptyAndOrderIsFound() throws Exception {
        ensemble("a", "b", "z");
        ensemble("b", "z");
        server.model("z", 1).start(ControlMode.NONE);
        assertEquals(List.of("a", "b", "z"), ready());
        assertEquals("ensemble", server.version("a", 1).metadata().platform());
        assertEquals(
                List.of("z", "b", "a"),
                server.backend.loaded.stream().map(m -> m.source().name()).toList());
    }

    @Test
    void circlesAreTold() throws Exception {
        ensemble("a", "b");
        ensemble("b", "a");
        server.start(ControlMode.NONE);
        assertEquals(List.of(), ready());
        assertTrue(server.version("a", 1).explanation().toString().contains("needs model b, which is not ready"));
    }

    @Test
    void ensembleComesWithItsModel() throws Exception {
        ensemble("a", "m");
        server.model("m", 1, "AddSub").start(ControlMode.NONE);
        assertEquals(List.of(), ready());
        server.deploy(7, "acme", "1.0.0", "AddSub");
        assertEquals(List.of("a", "m"), ready());
    }

    @Test
    void loadBringsTheModelsAndUnloadTakesThemIfWanted() throws Exception {
        ensemble("a", "m", "n");
        ensemble("b", "n");
        server.model("m", 1).model("n", 1).start(ControlMode.EXPLICIT, "b");
        assertEquals(List.of("b", "n"), ready());
        server.models.load("a");
        assertEquals(List.of("a", "b", "m", "n"), ready());
        server.models.unload("a", true);
        assertEquals(List.of("b", "n"), ready());
        server.models.load("a");
        server.models.unload("a");
        assertEquals(List.of("b", "m", "n"), ready());
        server.models.unload("b", true);
        assertEquals(List.of("m"), ready());
        assertFalse(server.models.get("n").askedFor());
    }

    @Test
    void ensembleWithoutItsModelSaysSo() throws Exception {
        ensemble("a", "ghost");
        server.start(ControlMode.EXPLICIT);
        ModelNotReadyException e = assertThrows(ModelNotReadyException.class, () -> server.models.load("a"));
        assertTrue(e.getMessage().contains("needs model ghost, which is not loaded"), e.getMessage());
    }
}
