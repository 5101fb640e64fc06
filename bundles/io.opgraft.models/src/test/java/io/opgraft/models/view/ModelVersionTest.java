package io.opgraft.models.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.models.Explanation;
import io.opgraft.models.ModelStatus;
import io.opgraft.models.ModelStatus.State;
import io.opgraft.models.Wiring.Wire;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelVersionTest {
    private static final Wire WIRE = new Wire("Add", Examples.provider("acme", "1.0.0", 1, "Add"));

    private static long chosen(ModelStatus model) {
        return ModelVersion.of(model).version().version();
    }

    @Test
    void withoutANumberItIsTheHighestThatIsReadyElseTheHighest() {
        assertEquals(2, chosen(Examples.model("m", Examples.ready(1, WIRE), Examples.ready(2, WIRE))));
        assertEquals(1, chosen(Examples.model("m", Examples.ready(1, WIRE), Examples.waiting(2, "Add"))));
        assertEquals(2, chosen(Examples.model("m", Examples.waiting(1, "Add"), Examples.ready(2, WIRE))));
        assertEquals(2, chosen(Examples.model("m", Examples.waiting(1, "Add"), Examples.waiting(2, "Add"))));
    }

    @Test
    void aNumberThatTheModelLacksIsNoVersion() {
        ModelStatus model = Examples.model("m", Examples.ready(1, WIRE));
        assertEquals(1, ModelVersion.of(model, 1).orElseThrow().version().version());
        assertTrue(ModelVersion.of(model, 2).isEmpty());
    }

    @Test
    void aModelWithoutVersionsHasAStateAndAnExplanation() {
        ModelVersion broken = ModelVersion.of(Examples.broken());
        assertNull(broken.version());
        assertEquals(State.FAILED, broken.state());
        assertEquals("It is wrong. Change it.", broken.explanation().toString());
        ModelStatus idle = new ModelStatus("idle", false, List.of(), Explanation.NONE);
        assertEquals(State.UNLOADED, ModelVersion.of(idle).state());
        assertEquals(
                3,
                ModelVersion.all(List.of(Examples.broken(), idle, Examples.good()))
                        .size());
    }

    @Test
    void opsThatNothingComputesAreUnwired() {
        assertEquals(List.of(), ModelVersion.of(Examples.good()).unwiredOps());
        assertEquals(
                List.of("Clip"),
                ModelVersion.of(Examples.model("m", Examples.waiting(1, "Clip")))
                        .unwiredOps());
    }
}
