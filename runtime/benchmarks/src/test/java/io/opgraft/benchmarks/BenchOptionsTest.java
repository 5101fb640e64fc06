package io.opgraft.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class BenchOptionsTest {
    @Test
    void withoutWordsAllRowsRunWithFivePairs() {
        BenchOptions options = BenchOptions.parse(List.of());
        assertEquals(BenchOptions.ROWS, options.rows());
        assertEquals(5, options.pairs());
    }

    @Test
    void rowsKeepTheOrderOfTheTable() {
        BenchOptions options = BenchOptions.parse(List.of("P3", "--quick", "p1", "--against", "http://h:1,7"));
        assertEquals(List.of("p1", "p3"), options.rows());
        assertEquals(3, options.pairs());
        assertEquals("http://h:1,7", options.against());
        assertEquals(2, BenchOptions.parse(List.of("--quick", "--pairs", "2")).pairs());
    }

    @Test
    void whatIsNotUnderstoodIsNamed() {
        for (List<String> words :
                List.of(List.of("p4"), List.of("--fast"), List.of("--pairs", "0"), List.of("--output"))) {
            String message = assertThrows(IllegalArgumentException.class, () -> BenchOptions.parse(words))
                    .getMessage();
            assertTrue(message.contains(words.get(words.size() - 1)), message);
        }
    }

    @Test
    void aGoalIsMetAtItsEdge() {
        assertEquals(">= 0.6: met", Goal.atLeast(0.6).verdict(0.6));
        assertEquals(">= 2: missed", Goal.atLeast(2).verdict(1.99));
        assertEquals("<= 64: missed", Goal.atMost(64).verdict(64.5));
    }
}
