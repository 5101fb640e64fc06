package io.opgraft.itests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One op name from two vendors and in two versions, in one process. */
class SideBySideIT {
    @RegisterExtension
    static final ExampleServer SERVER = new ExampleServer();

    @Test
    void eachModelComputesWithItsOwnBundle() throws Exception {
        assertAnswers("addsub_v1", AddSub.BUNDLE + "/1.0.0", 7, 3, 10, 4);
        assertAnswers("addsub_v2", AddSub.BUNDLE + "/2.0.0", 7, 3, 100, 40);
        assertAnswers("addsub_other", AddSub.OTHER + "/1.0.0", 3, 7, 5, 4);
    }

    private static void assertAnswers(String model, String bundle, int a, int b, int sum, int difference)
            throws Exception {
        HttpResponse<String> response = AddSub.infer(SERVER.http(), model, a, b);
        assertEquals(200, response.statusCode(), response.body());
        assertArrayEquals(new int[] {sum, difference}, AddSub.result(response), response.body());
        assertEquals(bundle, AddSub.computedBy(response));
    }

    @Test
    void binaryTensorsGiveTheSameNumbers() throws Exception {
        HttpResponse<byte[]> response = AddSub.inferBinary(SERVER.process(), "addsub_v2", 7, 3);
        byte[] body = response.body();
        assertEquals(200, response.statusCode(), () -> new String(body, StandardCharsets.UTF_8));
        int head = Integer.parseInt(
                response.headers().firstValue("Inference-Header-Content-Length").orElseThrow());
        ByteBuffer tensors = ByteBuffer.wrap(body, head, body.length - head).order(ByteOrder.LITTLE_ENDIAN);
        assertEquals(128, tensors.remaining());
        for (int i = 0; i < 16; i++) {
            assertEquals(100, tensors.getInt());
        }
        for (int i = 0; i < 16; i++) {
            assertEquals(40, tensors.getInt());
        }
        assertEquals(AddSub.BUNDLE + "/2.0.0", AddSub.computedBy(response));
    }

    @Test
    void fourThreadsNeverGetAnotherModelsNumbers() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Callable<Void>> calls = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                int a = i;
                calls.add(() -> {
                    assertAnswers("addsub_v1", AddSub.BUNDLE + "/1.0.0", a, 3, a + 3, a - 3);
                    assertAnswers("addsub_v2", AddSub.BUNDLE + "/2.0.0", a, 3, 10 * (a + 3), 10 * (a - 3));
                    assertAnswers("addsub_other", AddSub.OTHER + "/1.0.0", 2 * a, 4, a + 2, Math.abs(2 * a - 4));
                    return null;
                });
            }
            for (Future<Void> call : threads.invokeAll(calls)) {
                call.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void metadataNamesTheOpBundle() throws Exception {
        HttpResponse<String> metadata = SERVER.http().get("/v2/models/addsub_v1");
        assertEquals(200, metadata.statusCode());
        assertTrue(metadata.body().contains("TRTISExampleAddSub=" + AddSub.BUNDLE + "/1.0.0"), metadata.body());
    }

    @Test
    void shellExplainsTheModelWithoutItsBundle() throws Exception {
        Opgraft.Result explain = SERVER.shell("opgraft:explain", "addsub_missing");
        assertEquals(0, explain.exit(), explain.err());
        for (String part : List.of("TRTISExampleAddSub", AddSub.BUNDLE, "1.0.0", "2.0.0", "[3.0")) {
            assertTrue(explain.out().contains(part), part + " is not in: " + explain.out());
        }
    }
}
