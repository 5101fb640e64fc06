package io.opgraft.tensorflow.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.backend.LoadedModel;
import io.opgraft.backend.ModelSource;
import io.opgraft.backend.OpLibraryCopy;
import io.opgraft.backend.OpScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;

class ScopeTest {
    private static final int THREADS = 4;

    @Test
    void oneOpNameFromTwoLibrariesAnswersRightInFourThreads() throws Exception {
        OpScope doubling = Lab.doubling("com.one 1.0.0");
        OpScope tenfold = Lab.tenfold("com.other 2.0.0");
        assertEquals(Set.of("LabScale"), doubling.ops());
        assertEquals(Set.of("LabScale"), tenfold.ops());
        ModelSource source = Lab.source(Graphs.write(Graphs.scaled()), Map.of());
        try (LoadedModel two = Lab.BACKEND.load(source, Map.of("LabScale", doubling));
                LoadedModel ten = Lab.BACKEND.load(source, Map.of("LabScale", tenfold))) {
            together(thread -> {
                for (int i = 0; i < 1000; i++) {
                    float x = thread * 1000 + i;
                    assertArrayEquals(new float[] {2 * x, 2}, Lab.run(two, "y", x, 1));
                    assertArrayEquals(new float[] {10 * x + 0.5f, 10.5f}, Lab.run(ten, "y", x, 1));
                }
            });
        }
    }

    @Test
    void equalContentGivesTheSameScope() throws Exception {
        OpLibraryCopy copy = Lab.library("same 1.0.0", "scale.c", "-DFACTOR=3");
        assertSame(Lab.BACKEND.open(copy), Lab.BACKEND.open(copy));
        // A new instance of the backend, as after a change of its configuration, must not load the file again.
        OpScope again = new TensorFlowBackend(Lab.SETTINGS).open(copy);
        assertEquals(((Scope) Lab.BACKEND.open(copy)).prefix(), ((Scope) again).prefix());
        assertEquals(Set.of("LabScale"), again.ops());
    }

    @Test
    void internalOpsKeepTheirUnderscoreInFront() throws Exception {
        OpScope scope = Lab.BACKEND.open(Lab.library("under 1.0.0", "scale.c", "-DFACTOR=7", "-DOP=\"_LabInternal\""));
        assertEquals(Set.of("_LabInternal"), scope.ops());
        GraphDef graph = Graphs.scaled(Graphs.node("s", "_LabInternal", "x").build());
        try (LoadedModel model =
                Lab.BACKEND.load(Lab.source(Graphs.write(graph), Map.of()), Map.of("_LabInternal", scope))) {
            assertArrayEquals(new float[] {21}, Lab.run(model, "y", 3));
        }
    }

    @Test
    void aKernelForOneOfTensorFlowsOwnOpsDoesNotReachIt() throws Exception {
        OpScope scope = Lab.BACKEND.open(Lab.library("thief 1.0.0", "softsign.c"));
        assertEquals(Set.of("LabSoftsign"), scope.ops());
        GraphDef graph = Graphs.graph(
                Graphs.placeholder("x", DataType.DT_FLOAT),
                Graphs.node("y", "Softsign", "x")
                        .putAttr("T", Graphs.type(DataType.DT_FLOAT))
                        .build());
        try (LoadedModel model = Lab.BACKEND.load(Lab.source(Graphs.write(graph), Map.of()), Map.of())) {
            assertArrayEquals(new float[] {0.75f}, Lab.run(model, "y", 3));
        }
    }

    @Test
    void librariesAreLoadedWhileModelsRun() throws Exception {
        OpScope first = Lab.doubling("hot 1.0.0");
        ModelSource source = Lab.source(Graphs.write(Graphs.scaled()), Map.of());
        List<OpLibraryCopy> copies = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            copies.add(Lab.library("hot " + i, "scale.c", "-DFACTOR=" + (100 + i)));
        }
        try (LoadedModel steady = Lab.BACKEND.load(source, Map.of("LabScale", first))) {
            together(thread -> {
                if (thread == 0) {
                    for (int i = 0; i < copies.size(); i++) {
                        OpScope scope = Lab.BACKEND.open(copies.get(i));
                        try (LoadedModel model = Lab.BACKEND.load(source, Map.of("LabScale", scope))) {
                            assertArrayEquals(new float[] {100 + i}, Lab.run(model, "y", 1));
                        }
                    }
                } else {
                    for (int i = 0; i < 5000; i++) {
                        assertArrayEquals(new float[] {2f * i}, Lab.run(steady, "y", i));
                    }
                }
            });
        }
    }

    @Test
    void labelsBecomeNamesThatTensorFlowAccepts() {
        assertEquals("Io_opgraft_example_1_0_0", ScopeLoader.identifier("io.opgraft.example/1.0.0"));
        assertEquals("Op1a", ScopeLoader.identifier("1a"));
        assertEquals("Op_", ScopeLoader.identifier("\u00e9"));
        assertEquals("Op", ScopeLoader.identifier(""));
    }

    @Test
    void prefixesAreUnlike() throws Exception {
        String one = ((Scope) Lab.doubling("twin 1.0.0")).prefix();
        String other = ((Scope) Lab.tenfold("twin 1.0.0")).prefix();
        assertTrue(one.startsWith("Twin_1_0_0_x"), one);
        assertTrue(!one.equals(other), one);
    }

    /** Work that may throw. */
    @FunctionalInterface
    interface Work {
        void run(int thread) throws Exception;
    }

    static void together(Work work) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Callable<Void>> all = new ArrayList<>();
            for (int t = 0; t < THREADS; t++) {
                int thread = t;
                all.add(() -> {
                    work.run(thread);
                    return null;
                });
            }
            for (Future<Void> done : threads.invokeAll(all)) {
                done.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
