package io.opgraft.benchmarks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.http.internal.Pieces;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That the benchmarks still run; what they measure here means nothing. */
class SmokeTest {
    private final Path home = Path.of(System.getProperty("opgraft.home"));
    private final Path library = Path.of(System.getProperty("opgraft.benchmarks.library"));

    @Test
    void everyPhaseOfTheStartGivesARow() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
            new StartBenchmark(home, library, out).run(3, 1);
        }
        String table = bytes.toString(StandardCharsets.UTF_8);
        for (String phase : new String[] {"first: install", "first: resolve", "first: start", "second start"}) {
            assertTrue(table.lines().anyMatch(line -> line.startsWith("| " + phase)), table);
        }
    }

    @Test
    void lookUpFindsEveryOp() throws Throwable {
        LookUp lookUp = new LookUp();
        Field bundles = LookUp.class.getDeclaredField("bundles");
        bundles.setAccessible(true);
        bundles.setInt(lookUp, 2);
        lookUp.start();
        try {
            for (int i = 0; i < 100; i++) {
                assertNotNull(lookUp.byNameAndRange());
            }
        } finally {
            lookUp.stop();
        }
    }

    @Test
    void httpRowsCompareRightAnswersOfBothSides(@TempDir Path work) throws Exception {
        Path models = Path.of(System.getProperty("opgraft.benchmarks.models"));
        List<HttpCase> cases = HttpCase.ALL.stream()
                .filter(line -> line.floats() == 256 || (line.floats() == 262_144 && line.connections() == 1))
                .toList();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
            Report report = new Report(out);
            new HttpBenchmark(home, models)
                    .run(cases, new HttpBenchmark.Times(0.3, 0.1, 0.05, 0.3), 1, null, work.resolve("http"), report);
            report.finish(BenchOptions.parse(List.of("--quick")), work.resolve("results"));
        }
        String table = Files.readString(work.resolve("results/bench.md"));
        for (HttpCase line : cases) {
            assertTrue(table.lines().anyMatch(text -> text.startsWith(line.title())), table);
        }
        assertTrue(table.contains("heap bytes per request"), table);
        assertTrue(Files.readString(work.resolve("results/bench.json")).contains("\"rate_ours_to_bare\""));
    }

    @Test
    void callsInProcessAnswerAsTheRawOnes(@TempDir Path work) throws Exception {
        Path repository = work.resolve("models");
        BenchModels models = new BenchModels(repository);
        models.cnn(BenchModels.CNN, false);
        models.matmul(BenchModels.MATMUL, true);
        try (CallProcess calls = new CallProcess(home, work, repository)) {
            for (String model : List.of(BenchModels.CNN, BenchModels.MATMUL)) {
                long[] shape = BenchModels.shape(model);
                float[] served = calls.once("serving", model, shape);
                assertEquals(BenchModels.answer(model), served.length);
                assertArrayEquals(served, calls.once("raw", model, shape), 1e-3f);
                assertArrayEquals(served, calls.once("backend", model, shape), 1e-3f);
            }
            CallProcess.Result result = calls.run("raw", BenchModels.CNN, BenchModels.shape(BenchModels.CNN), 2, 0.05);
            assertTrue(result.rate() > 0 && result.p50Micros() <= result.p99Micros(), result.toString());
        }
    }

    @Test
    void clientsNoticeNoUpdateOfAnOpBundle(@TempDir Path work) throws Exception {
        FigureTable table = new FigureTable();
        new SwapBenchmark(home, library).underLoad(2, 0.2, 0.1, work, table);
        String text = String.join("\n", table.markdown());
        assertTrue(text.contains("failed requests |  |  | 0.00 (0.00 to 0.00)"), text);
        assertTrue(text.contains("from update to switch / else"), text);
    }

    @Test
    void theInnerPiecesDoTheirWork() throws Exception {
        Pieces pieces = new Pieces();
        pieces.fill();
        FloatBuffer read = pieces.readFloat().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        Random random = new Random(1);
        while (read.hasRemaining()) {
            assertEquals(random.nextFloat(), read.get());
        }
        assertEquals(4L * read.capacity(), pieces.binaryHeader());
        assertTrue(pieces.writeFloat() > 2L * read.capacity());
    }

    @Test
    void aRowHasTheMedianOfTheRatios() {
        Samples samples = new Samples();
        samples.add(1, 2);
        samples.add(9, 3);
        samples.add(4, 4);
        assertEquals("| x | 4.0 ms | 3.0 ms | 1.00 (0.50 to 3.00) | <= 1.5 |", samples.row("x", "ms", "<= 1.5"));
    }
}
