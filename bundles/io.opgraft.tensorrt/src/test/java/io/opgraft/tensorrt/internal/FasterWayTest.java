package io.opgraft.tensorrt.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FasterWayTest {
    @ParameterizedTest
    @CsvSource({"20, 10, true", "10, 20, false", "10, 10, false"})
    void theMedianDecidesAndSingleSlowRunsDoNot(long plain, long graph, boolean graphIsFaster) {
        FasterWay way = new FasterWay();
        int graphs = 0;
        for (int i = 0; i < 2 * FasterWay.RUNS; i++) {
            assertFalse(way.isKnown());
            graphs += way.isGraphNext() ? 1 : 0;
            boolean slow = i % 8 < 2;
            way.took(slow ? 1_000_000 - i : way.isGraphNext() ? graph : plain);
        }
        assertTrue(way.isKnown());
        assertEquals(FasterWay.RUNS, graphs);
        assertEquals(graphIsFaster, way.isGraph());
    }
}
