package io.opgraft.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Libraries that harm the process that loads them, or that register more than ops, come to one server: each is right, or
 * refused with the true cause before the server loads it, and the server goes on.
 */
class LibraryDoorIT {
    private static final List<String> PAIRS =
            List.of("variant", "state", "dataset", "file-system", "device", "session", "graph-pass");

    @TempDir
    static Path folder;

    private static ServerProcess server;
    private static RowClient client;
    private static Map<String, String> reasons;

    @BeforeAll
    static void start() throws Exception {
        Path data = folder.resolve("data");
        FixtureRepository fixtures = new FixtureRepository(folder.resolve("models"), data.resolve("deploy"));
        deployPairs(fixtures);
        deployOthers(fixtures);
        for (String hostile : hostileFixtures()) {
            fixtures.bundle("f." + hostile.replace('-', '.'), "1.0.0", hostile, "libscale.so", "FixtureScale");
        }
        fixtures.model("scale", "hostile_endless", "f.hostile.dynamic.endless");
        fixtures.model("scale", "hostile_outside", "f.hostile.dynamic.outside");
        fixtures.model("scale", "hostile_zero", "f.hostile.hash.bucket.zero");
        server = ServerProcess.start(data, fixtures.models());
        client = new RowClient(server.http());
        // This one keeps its trial busy until the time is up, which a server need not wait for when it starts.
        fixtures.bundle("f.hang", "1.0.0", "hang", "libcrash.so", "FixtureHang");
        reasons = judged();
        server.http().awaitSettled();
    }

    private static void deployPairs(FixtureRepository fixtures) throws Exception {
        for (String version : List.of("1", "2")) {
            String full = version + ".0.0";
            for (String name : PAIRS) {
                String library = "lib" + name.replace("-", "") + ".so";
                fixtures.bundle("f." + name.replace('-', '.'), full, name + "-" + version, library, ops(name));
                pin(fixtures, name.replace('-', '_'), "f." + name.replace('-', '.'), version);
            }
            pin(fixtures, "variant_nodes", "f.variant", version);
            pin(fixtures, "state_handle", "f.state", version);
            pin(fixtures, "dataset_literal", "f.dataset", version);
            fixtures.bundle("f.registries", full, "registries-" + version, "libregistries.so", "FixtureRegistries");
            pin(fixtures, "gradient", "f.registries", version);
            fixtures.bundle("f.protobuf", full, "protobuf-" + version, "libprotobuf.so", "FixtureProtobuf");
            pin(fixtures, "protobuf", "f.protobuf", version);
            Path family = Opgraft.nativeFixtures().resolve("family-" + version);
            OpBundle.of("f.family", full, family.resolve("libleft.so"), "FixtureLeft")
                    .library(family.resolve("libright.so"), "FixtureRight")
                    .writeTo(fixtures.deploy().resolve("f.family-" + full + ".jar"));
            pin(fixtures, "family", "f.family", version);
        }
    }

    private static String[] ops(String name) {
        return switch (name) {
            case "variant" -> new String[] {"FixtureVariant", "FixtureVariantPack", "FixtureVariantUnpack"};
            case "state" -> new String[] {"FixtureState", "FixtureStateHandle", "FixtureStateAdd"};
            case "dataset" -> new String[] {"FixtureDataset", "FixtureDatasetLiteral"};
            case "file-system" -> new String[] {"FixtureFileSystem"};
            case "device" -> new String[] {"FixtureDevice"};
            case "session" -> new String[] {"FixtureSession"};
            default -> new String[] {"FixtureGraphPass"};
        };
    }

    private static void pin(FixtureRepository fixtures, String model, String bundle, String version) throws Exception {
        int next = Integer.parseInt(version) + 1;
        fixtures.model(model, model + "_" + version, bundle + ";version='[" + version + ".0," + next + ".0)'");
    }

    private static void deployOthers(FixtureRepository fixtures) throws Exception {
        fixtures.bundle("f.protobuf.other", "1.0.0", "protobuf-other", "libprotobuf.so", "FixtureProtobufOther");
        fixtures.bundle("f.opname", "1.0.0", "opname", "libopname.so", "FixtureOpName");
        fixtures.bundle("f.shapefails", "1.0.0", "shape-fails", "libshapefails.so", "FixtureShapeFails");
        fixtures.bundle("f.print", "1.0.0", "print", "libprint.so", "FixturePrint");
        fixtures.bundle("f.thread", "1.0.0", "thread", "libthread.so", "FixtureThread");
        fixtures.bundle("f.thread.registers", "1.0.0", "thread-registers", "libthread.so", "FixtureThreadRegisters");
        for (String name : List.of("protobuf_other", "op_name", "shape_fails", "print", "thread", "thread_registers")) {
            fixtures.model(name);
        }
        fixtures.bundle("f.execstack", "1.0.0", "executable-stack", "libscale.so", "FixtureScale");
        fixtures.model("scale", "scale_execstack", "f.execstack");
        fixtures.bundle("f.runpath", "1.0.0", "run-path", "libscale.so", "FixtureScale");
        fixtures.model("scale", "scale_runpath", "f.runpath");
        fixtures.bundle("f.newer", "1.0.0", "newer", "libnewer.so", "FixtureScale");
        fixtures.model("scale", "scale_newer", "f.newer");
        fixtures.bundle("f.crash", "1.0.0", "crash", "libcrash.so", "FixtureCrash");
        fixtures.model("crash");
        fixtures.bundle("f.crash.segv", "1.0.0", "crash-segv", "libcrash.so", "FixtureCrash");
        fixtures.bundle("f.crash.exit", "1.0.0", "crash-exit", "libcrash.so", "FixtureCrash");
        fixtures.bundle("f.badspec", "1.0.0", "bad-spec", "libbadspec.so", "FixtureBadSpec");
        fixtures.model("bad_spec");
        fixtures.bundle("f.lies", "1.0.0", "scale-1", "libscale.so", "FixtureScale", "FixtureLie");
        fixtures.model("softsign");
    }

    static List<String> hostileFixtures() {
        String[] names = Opgraft.nativeFixtures().toFile().list((at, name) -> name.startsWith("hostile-"));
        return Stream.of(names).sorted().toList();
    }

    /** Why each refused bundle is, by name and version, once no library is on trial. */
    private static Map<String, String> judged() throws Exception {
        String table;
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
        do {
            Thread.sleep(300);
            Opgraft.Result result = server.shell("opgraft:ops");
            assertEquals(0, result.exit(), result.err());
            table = result.out();
            assertTrue(System.nanoTime() < end, table);
        } while (table.contains("CHECKING") || !table.contains("f.hang/1.0.0: "));
        Map<String, String> found = new TreeMap<>();
        Matcher line = Pattern.compile("(?m)^(f\\.\\S+/\\d\\.0\\.0): (.*)$").matcher(table);
        while (line.find()) {
            found.put(line.group(1), line.group(2));
        }
        return found;
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "variant_nodes   | f.variant    | FixtureVariantPack FixtureVariantUnpack",
                "dataset         | f.dataset    | FixtureDataset",
                "dataset_literal | f.dataset    | FixtureDatasetLiteral",
                "gradient        | f.registries | FixtureRegistries",
            })
    void twoVersionsGiveTheirOwnAnswers(String model, String bundle, String ops) throws Exception {
        List<Callable<Void>> calls = new ArrayList<>();
        for (int i = 1; i <= 50; i++) {
            String row = i + ".0,2.0,3.0,4.0";
            String twice = 2 * i + ".0,4.0,6.0,8.0";
            String tenfold = 10 * i + ".0,20.0,30.0,40.0";
            calls.add(() -> {
                client.assertAnswers(model + "_1", row, twice, from(ops, bundle + "/1.0.0"));
                client.assertAnswers(model + "_2", row, tenfold, from(ops, bundle + "/2.0.0"));
                return null;
            });
        }
        RowClient.together(4, calls);
    }

    private static String from(String ops, String bundle) {
        return String.join(
                ",", Stream.of(ops.split(" ")).map(op -> op + "=" + bundle).toList());
    }

    @Test
    void librariesThatNeedEachOtherStayWithTheirRelease() throws Exception {
        client.assertAnswers(
                "family_1", "1,2,3,4", "4.0,8.0,12.0,16.0", "FixtureLeft=f.family/1.0.0,FixtureRight=f.family/1.0.0");
        client.assertAnswers(
                "family_2",
                "1,2,3,4",
                "100.0,200.0,300.0,400.0",
                "FixtureLeft=f.family/2.0.0,FixtureRight=f.family/2.0.0");
    }

    @ParameterizedTest
    @CsvSource({"state, FixtureState", "state_handle, FixtureStateAdd FixtureStateHandle"})
    void stateOfEqualTypeAndNameIsNotShared(String model, String ops) throws Exception {
        for (int call = 1; call <= 3; call++) {
            for (int factor : new int[] {2, 10}) {
                int sum = call * factor;
                String version = factor == 2 ? "1" : "2";
                client.assertAnswers(
                        model + "_" + version,
                        "1,2,3,4",
                        sum + ".0," + 2 * sum + ".0," + 3 * sum + ".0," + 4 * sum + ".0",
                        from(ops, "f.state/" + version + ".0.0"));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "protobuf,    f.protobuf,    fixture.proto",
        "file_system, f.file.system, fixture",
        "device,      f.device,      FIXTURE",
        "session,     f.session,     FIXTURE_SESSION",
        "graph_pass,  f.graph.pass,  graph pass",
    })
    void whatReachesTheWholeProcessLivesOnce(String model, String bundle, String name) throws Exception {
        HttpResponse<String> first = client.infer(model + "_1", "1,2,3,4");
        HttpResponse<String> second = client.infer(model + "_2", "1,2,3,4");
        HttpResponse<String> served = first.statusCode() == 200 ? first : second;
        HttpResponse<String> refused = served == first ? second : first;
        assertEquals(200, served.statusCode(), () -> first.body() + second.body());
        assertEquals(503, refused.statusCode(), () -> first.body() + second.body());
        assertEquals(served == first ? "2.0,4.0,6.0,8.0" : "10.0,20.0,30.0,40.0", RowClient.row(served));
        assertTrue(refused.body().contains(bundle), refused.body());
        assertTrue(refused.body().contains(name), refused.body());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "protobuf_other  | 3.0 6.0 9.0 12.0 | FixtureProtobufOther=f.protobuf.other/1.0.0",
                "print           | 2.0 4.0 6.0 8.0  | FixturePrint=f.print/1.0.0",
                "thread          | 2.0 4.0 6.0 8.0  | FixtureThread=f.thread/1.0.0",
                "scale_execstack | 2.0 4.0 6.0 8.0  | FixtureScale=f.execstack/1.0.0",
                "scale_runpath   | 2.0 4.0 6.0 8.0  | FixtureScale=f.runpath/1.0.0",
                "softsign        | 0.5 0.6666667 0.75 0.8 |",
            })
    void answersAreRight(String model, String output, String ops) throws Exception {
        client.assertAnswers(model, "1,2,3,4", output, ops);
    }

    @Test
    void aKernelSeesTheNameOfItsOp() throws Exception {
        HttpResponse<String> answer = client.infer("op_name", "1,2,3,4");
        assertEquals(200, answer.statusCode(), answer.body());
        assertEquals(String.join(",", Collections.nCopies(4, "\"FixtureOpName\"")), RowClient.row(answer));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "f.crash            | abort              | FixtureCrash: about to abort",
                "f.crash.segv       | SIGSEGV            | FixtureCrash: about to write to address 0",
                "f.crash.exit       | exit code 0        | FixtureCrash: about to exit",
                "f.hang             | within             | FixtureCrash: about to wait for ever",
                "f.badspec          | no such type       | FixtureBadSpec",
                "f.thread.registers | did not finish loading | within",
                "f.newer            | TensorFlow 2.21    | lts_20250814",
                "f.lies             | FixtureLie         | registers only",
            })
    void refusedWithTheCause(String bundle, String cause, String words) {
        String reason = reasons.getOrDefault(bundle + "/1.0.0", "not refused");
        assertTrue(reason.contains(cause), cause + " is not in: " + reason);
        assertTrue(reason.contains(words), words + " is not in: " + reason);
    }

    @Test
    void hostileFilesAreRefusedOrHarmless() {
        // What the loader does not look at, or reads as nothing.
        Set<String> harmless = Set.of("hostile-dynamic-endless", "hostile-dynamic-outside", "hostile-hash-bucket-zero");
        // Found by the trial alone: its process ends, the server goes on.
        Set<String> fatal = Set.of(
                "hostile-initialisers-huge",
                "hostile-load-overlaps",
                "hostile-relocations-huge",
                "hostile-relocations-outside");
        List<String> wrong = new ArrayList<>();
        for (String hostile : hostileFixtures()) {
            String reason = reasons.getOrDefault("f." + hostile.replace('-', '.') + "/1.0.0", "accepted");
            boolean expected;
            if (harmless.contains(hostile)) {
                expected = true;
            } else if (fatal.contains(hostile)) {
                expected = !reason.equals("accepted");
            } else {
                expected = !reason.equals("accepted") && !reason.contains("initialiser") && !reason.contains("loading");
            }
            if (!expected) {
                wrong.add(hostile + ": " + reason);
            }
        }
        assertEquals(List.of(), wrong);
    }

    @Test
    void hostileFilesThatAreTakenAreRight() throws Exception {
        for (String model : List.of("endless", "outside", "zero")) {
            HttpResponse<String> answer = client.infer("hostile_" + model, "1,2,3,4");
            boolean right = answer.statusCode() == 200 && RowClient.row(answer).equals("2.0,4.0,6.0,8.0");
            assertTrue(right || answer.statusCode() == 503, answer.body());
        }
    }

    /** The decoders have private names, which what was written does not have: an error, never the other version's code. */
    @Test
    void aVariantThatIsReadBackFindsNoForeignDecoder() throws Exception {
        for (String model : List.of("variant_1", "variant_2")) {
            HttpResponse<String> answer = client.infer(model, "1,2,3,4");
            assertEquals(500, answer.statusCode(), answer.body());
            assertTrue(answer.body().contains("its FixtureBox cannot be read back"), answer.body());
        }
    }

    @Test
    void aShapeFunctionThatFailsSpoilsItsModelAlone() throws Exception {
        client.assertRefuses("shape_fails", "FixtureShapeFails: no shape pleases this function");
    }

    @Test
    void refusedOpsAreExplainedToTheClient() throws Exception {
        client.assertRefuses("crash", "FixtureCrash", "about to");
        client.assertRefuses("bad_spec", "f.badspec", "no such type");
        client.assertRefuses("scale_newer", "f.newer", "lts_20250814");
        client.assertRefuses("thread_registers", "f.thread.registers", "did not finish loading");
        assertEquals(200, server.http().get("/v2/health/live").statusCode());
    }
}
