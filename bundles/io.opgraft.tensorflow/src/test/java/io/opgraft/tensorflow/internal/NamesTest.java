package io.opgraft.tensorflow.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.opgraft.backend.LoadedModel;
import io.opgraft.backend.OpScope;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which name of their op kernels are told. */
class NamesTest {
    private static float[] told(String name) throws Exception {
        OpScope scope = Lab.BACKEND.open(Lab.library("asks 1.0.0", "asks.c", "-DNAMED=\"" + name + "\""));
        var source = Lab.source(
                Graphs.write(Graphs.scaled(Graphs.node("s", name, "x").build())), Map.of());
        try (LoadedModel model = Lab.BACKEND.load(source, Map.of(name, scope))) {
            return Lab.run(model, "y", 3);
        }
    }

    @Test
    void kernelsAreToldTheNameThatTheirAuthorWrote() throws Exception {
        assertArrayEquals(new float[] {1}, told("LabAsks"));
        assertArrayEquals(new float[] {1}, told("Lab>Asks"));
    }

    /** They write graphs with it, in which TensorFlow has to find the op. */
    @Test
    void datasetsKeepThePrivateName() throws Exception {
        assertArrayEquals(new float[] {0}, told("LabAsksDataset"));
        assertArrayEquals(new float[] {0}, told("LabAsksDatasetV2"));
        assertArrayEquals(new float[] {1}, told("LabAsksV2"));
    }
}
