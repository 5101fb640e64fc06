package io.opgraft.itests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Op bundles that come, change and go while the server runs. */
class HotDeployIT {
    @TempDir
    Path folder;

    private Path data;
    private Path deploy;

    @BeforeEach
    void layOut() throws Exception {
        data = folder.resolve("data");
        deploy = Files.createDirectories(data.resolve("deploy"));
    }

    private ServerProcess start() throws Exception {
        return ServerProcess.start(data, AddSub.models());
    }

    private static boolean answers(HttpResponse<String> response, String bundle) {
        return response.statusCode() == 200 && AddSub.computedBy(response).equals(bundle);
    }

    @Test
    void waitingModelAnswersWhenItsBundleIsDroppedIn() throws Exception {
        try (ServerProcess server = start()) {
            HttpResponse<String> refused = AddSub.infer(server.http(), "addsub_v1", 1, 2);
            assertEquals(503, refused.statusCode(), refused.body());
            assertTrue(refused.body().contains("TRTISExampleAddSub"), refused.body());
            AddSub.deploy(deploy, AddSub.BUNDLE, "1.0.0", "addsub.jar");
            HttpResponse<String> answer = server.http()
                    .await(() -> AddSub.infer(server.http(), "addsub_v1", 1, 2), r -> r.statusCode() == 200);
            assertArrayEquals(new int[] {3, -1}, AddSub.result(answer));
        }
    }

    @Test
    void updateUnderLoadFailsNoRequest() throws Exception {
        AddSub.deploy(deploy, AddSub.BUNDLE, "1.0.0", "addsub.jar");
        try (ServerProcess server = start()) {
            int clients = 8;
            ExecutorService threads = Executors.newFixedThreadPool(clients);
            CountDownLatch warm = new CountDownLatch(clients);
            try {
                List<Future<Integer>> counts = new ArrayList<>();
                for (int i = 0; i < clients; i++) {
                    counts.add(threads.submit(untilUpdated(server, warm)));
                }
                assertTrue(warm.await(60, TimeUnit.SECONDS), "every client has its first 50 answers");
                AddSub.deploy(deploy, AddSub.BUNDLE, "1.1.0", "addsub.jar");
                for (Future<Integer> count : counts) {
                    assertTrue(count.get() >= 100);
                }
            } finally {
                threads.shutdownNow();
            }
        }
    }

    /** A client that ends 50 answers after the new version took over; every answer must be its version's own. */
    private static Callable<Integer> untilUpdated(ServerProcess server, CountDownLatch warm) {
        return () -> {
            HttpProbe http = server.http();
            int count = 0;
            int updated = 0;
            long end = System.nanoTime() + 60_000_000_000L;
            while (updated < 50) {
                HttpResponse<String> answer = AddSub.infer(http, "addsub_v1", Integer.MAX_VALUE, 1);
                assertEquals(200, answer.statusCode(), answer.body());
                boolean old = AddSub.computedBy(answer).equals(AddSub.BUNDLE + "/1.0.0");
                if (!old) {
                    assertEquals(AddSub.BUNDLE + "/1.1.0", AddSub.computedBy(answer));
                    updated++;
                }
                assertEquals(0, old ? updated : 0, "an answer of the old version after one of the new");
                int sum = old ? Integer.MIN_VALUE : Integer.MAX_VALUE;
                assertArrayEquals(new int[] {sum, Integer.MAX_VALUE - 1}, AddSub.result(answer));
                if (++count == 50) {
                    warm.countDown();
                }
                assertTrue(System.nanoTime() < end, "the new version did not take over");
            }
            return count;
        };
    }

    @Test
    void uninstallingAUsedBundleRetiresOnlyItsModels() throws Exception {
        AddSub.deployAll(deploy);
        try (ServerProcess server = start()) {
            Files.delete(deploy.resolve("addsub-1.jar"));
            HttpResponse<String> gone = server.http()
                    .await(() -> AddSub.infer(server.http(), "addsub_v1", 1, 2), r -> r.statusCode() != 200);
            assertEquals(503, gone.statusCode(), gone.body());
            assertTrue(gone.body().contains(AddSub.BUNDLE), gone.body());
            assertTrue(answers(AddSub.infer(server.http(), "addsub_v2", 1, 2), AddSub.BUNDLE + "/2.0.0"));
            assertTrue(answers(AddSub.infer(server.http(), "addsub_other", 1, 2), AddSub.OTHER + "/1.0.0"));
            AddSub.deploy(deploy, AddSub.BUNDLE, "1.1.0", "addsub-1.jar");
            server.http()
                    .await(
                            () -> AddSub.infer(server.http(), "addsub_v1", 1, 2),
                            r -> answers(r, AddSub.BUNDLE + "/1.1.0"));
        }
    }

    @Test
    void updateThatDoesNotFitLeavesTheOldVersionServing() throws Exception {
        AddSub.deploy(deploy, AddSub.BUNDLE, "1.0.0", "addsub.jar");
        try (ServerProcess server = start()) {
            AddSub.deploy(deploy, AddSub.BUNDLE, "2.0.0", "addsub.jar");
            server.http()
                    .await(
                            () -> AddSub.infer(server.http(), "addsub_v2", 1, 2),
                            r -> answers(r, AddSub.BUNDLE + "/2.0.0"));
            HttpResponse<String> old = AddSub.infer(server.http(), "addsub_v1", Integer.MAX_VALUE, 1);
            assertTrue(answers(old, AddSub.BUNDLE + "/1.0.0"), old.body());
            Opgraft.Result explain = server.shell("opgraft:explain", "addsub_v1");
            assertTrue(explain.out().contains("2.0.0"), explain.out());
        }
    }

    @Test
    void killedServerComesBackWithTheSameModels() throws Exception {
        AddSub.deployAll(deploy);
        try (ServerProcess first = start()) {
            assertTrue(answers(AddSub.infer(first.http(), "addsub_v1", 1, 2), AddSub.BUNDLE + "/1.0.0"));
            assertJudgedOnce(first);
            first.kill();
        }
        try (ServerProcess second = start()) {
            assertTrue(answers(AddSub.infer(second.http(), "addsub_v1", 1, 2), AddSub.BUNDLE + "/1.0.0"));
            assertTrue(answers(AddSub.infer(second.http(), "addsub_v2", 1, 2), AddSub.BUNDLE + "/2.0.0"));
            assertTrue(answers(AddSub.infer(second.http(), "addsub_other", 1, 2), AddSub.OTHER + "/1.0.0"));
            assertJudgedOnce(second);
            assertEquals(0, second.terminate());
        }
    }

    /** When all of its models are ready. */
    private static void assertJudgedOnce(ServerProcess server) throws Exception {
        String log = server.log();
        for (String library : List.of(AddSub.BUNDLE + "/1.0.0", AddSub.BUNDLE + "/2.0.0", AddSub.OTHER + "/1.0.0")) {
            long lines = log.lines()
                    .filter(line -> line.contains("Ops [") && line.contains(" from " + library + " "))
                    .count();
            assertEquals(1, lines, () -> library + " is judged once per start:\n" + log);
        }
    }

    @Test
    void halfWrittenBundleIsNotTaken() throws Exception {
        try (ServerProcess server = start()) {
            byte[] jar = Files.readAllBytes(AddSub.jar(AddSub.BUNDLE, "1.0.0"));
            Path target = deploy.resolve("addsub.jar");
            Files.write(target, java.util.Arrays.copyOf(jar, jar.length / 2));
            Files.write(target, jar);
            server.http()
                    .await(
                            () -> AddSub.infer(server.http(), "addsub_v1", 1, 2),
                            r -> answers(r, AddSub.BUNDLE + "/1.0.0"));
        }
    }
}
