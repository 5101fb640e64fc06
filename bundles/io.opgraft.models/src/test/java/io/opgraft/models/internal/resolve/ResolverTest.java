package io.opgraft.models.internal.resolve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.backend.OpRequirement;
import io.opgraft.models.Explanation.Kind;
import io.opgraft.models.Explanation.Reason;
import io.opgraft.models.internal.config.ConfigException;
import io.opgraft.models.internal.config.OpPin;
import io.opgraft.models.internal.fake.FakeBackend;
import io.opgraft.models.internal.fake.FakeOp;
import io.opgraft.models.internal.fake.FakeOpIndex;
import io.opgraft.ops.OpProvider.State;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One test for each rule of the resolver. */
class ResolverTest {
    private final FakeOpIndex index = new FakeOpIndex();
    private final FakeBackend backend = new FakeBackend();
    private final List<OpPin> pins = new ArrayList<>();

    private void pin(String... texts) throws ConfigException {
        for (String text : texts) {
            pins.add(OpPin.parse(text));
        }
    }

    private Resolution resolve(OpRequirement... ops) {
        return resolveFor("m", ops);
    }

    private Resolution resolve(String... ops) {
        return resolve(Arrays.stream(ops).map(FakeOp::of).toArray(OpRequirement[]::new));
    }

    private Resolution resolveFor(String model, OpRequirement... ops) {
        return Resolver.resolve(Request.of(model, 1, backend, index, List.of(ops))
                .withPins(pins)
                .withOpener(new Opener(backend)));
    }

    private void assertWiring(String expected, Resolution resolution) {
        assertTrue(resolution.isComplete(), () -> resolution.explanation().toString());
        assertEquals(expected, resolution.wiring().toString());
        assertTrue(resolution.explanation().isEmpty());
    }

    private static void assertReasons(Resolution resolution, Kind... kinds) {
        assertNull(resolution.wiring());
        assertEquals(
                List.of(kinds),
                resolution.explanation().reasons().stream().map(Reason::kind).toList());
    }

    @Test
    void noOpsNeedNothing() {
        assertWiring("", resolve(new String[0]));
    }

    @Test
    void highestVersionWinsAndNoOtherIsOpened() {
        index.add(1, "acme", "1.0.0", "AddSub");
        index.add(2, "acme", "2.0.0", "AddSub");
        index.add(3, "acme", "1.10.0", "AddSub");
        assertWiring("AddSub=acme/2.0.0", resolve("AddSub"));
        assertEquals(List.of("acme/2.0.0"), backend.opened);
    }

    @Test
    void wireNamesBundleAndDigest() {
        index.add(7, "acme", "1.0.0", "AddSub");
        var wire = resolve("AddSub").wiring().wires().get(0);
        assertEquals(7, wire.bundleId());
        assertEquals("acme-1.0.0", wire.digest());
    }

    @Test
    void pinNarrowsVersions() throws Exception {
        index.add(1, "acme", "1.0.0", "AddSub");
        index.add(2, "acme", "1.1.0", "AddSub");
        index.add(3, "acme", "2.0.0", "AddSub");
        pin("acme;version='[1.0,2.0)'");
        assertWiring("AddSub=acme/1.1.0", resolve("AddSub"));
    }

    @Test
    void pinNarrowsBundles() throws Exception {
        index.add(1, "acme", "1.0.0", "AddSub");
        index.add(2, "other", "9.0.0", "AddSub");
        pin("acme");
        assertWiring("AddSub=acme/1.0.0", resolve("AddSub"));
        assertEquals(List.of("acme/1.0.0"), backend.opened);
    }

    @Test
    void twoBundlesThatFitAskForAPin() {
        index.add(1, "acme", "1.2.3", "AddSub");
        index.add(2, "acme", "1.0.0", "AddSub");
        index.add(3, "other", "0.5.0", "AddSub");
        Resolution resolution = resolve("AddSub");
        assertReasons(resolution, Kind.AMBIGUOUS);
        assertEquals(
                "Op AddSub of model m is provided by acme/1.2.3 and by other/0.5.0, and nothing says which one to take. "
                        + "Add one of these lines to config.pbtxt: "
                        + "model_operations { op_library_filename: \"acme;version='[1.2,2.0)'\" } or "
                        + "model_operations { op_library_filename: \"other;version='[0.5,1.0)'\" }.",
                resolution.explanation().toString());
    }

    @Test
    void twoBundlesOfWhichOneFitsAreNoQuestion() {
        index.add(1, "acme", "1.0.0", "AddSub");
        index.add(2, "other", "2.0.0", "AddSub");
        backend.attributes.put("acme/1.0.0 AddSub", "bias");
        assertWiring("AddSub=acme/1.0.0", resolve(new FakeOp("AddSub", "bias")));
    }

    @Test
    void firstPinWinsWhereSeveralFit() throws Exception {
        index.add(1, "acme", "1.0.0", "AddSub", "Clip");
        index.add(2, "other", "2.0.0", "AddSub");
        pin("other", "acme");
        assertWiring("AddSub=other/2.0.0,Clip=acme/1.0.0", resolve("Clip", "AddSub"));
    }

    @Test
    void missingOpIsExplained() {
        Resolution resolution = resolve("AddSub", "Clip");
        assertReasons(resolution, Kind.OP_MISSING, Kind.OP_MISSING);
        assertEquals("Clip", resolution.explanation().reasons().get(1).op());
        assertEquals(
                "Op AddSub of model m is not available: no installed bundle provides it. Put a bundle that provides it "
                        + "into the deploy folder.",
                resolution.explanation().reasons().get(0).toString());
    }

    @Test
    void versionsOutsideOfTheRangeAreListed() throws Exception {
        index.add(1, "io.opgraft.example.addsub", "2.0.0", "TRTISExampleAddSub");
        index.add(2, "io.opgraft.example.addsub", "1.1.0", "TRTISExampleAddSub");
        index.add(3, "com.example.addsub", "1.0.0", "TRTISExampleAddSub");
        pin("io.opgraft.example.addsub;version='[3.0,4.0)'");
        Resolution resolution = resolveFor("addsub_missing", FakeOp.of("TRTISExampleAddSub"));
        assertReasons(resolution, Kind.VERSION_OUTSIDE_RANGE);
        assertEquals(
                "Op TRTISExampleAddSub of model addsub_missing is not available: io.opgraft.example.addsub/1.1.0 and "
                        + "/2.0.0 are installed, but config.pbtxt asks for [3.0,4.0). Deploy io.opgraft.example.addsub "
                        + "3.x, or widen the range in model_operations.",
                resolution.explanation().toString());
        assertTrue(backend.opened.isEmpty());
    }

    @Test
    void openRangesAreWrittenAsPeopleSayThem() throws Exception {
        index.add(1, "acme", "1.1.0", "AddSub");
        pin("acme;version='1.2.3'");
        assertEquals(
                "Op AddSub of model m is not available: acme/1.1.0 is installed, but config.pbtxt asks for 1.2.3 or "
                        + "higher. Deploy acme 1.2.3 or higher, or widen the range in model_operations.",
                resolve("AddSub").explanation().toString());
    }

    @Test
    void pinnedBundleThatIsNotThereIsExplained() throws Exception {
        index.add(1, "other", "1.0.0", "AddSub");
        pin("acme;version='[1.0,2.0)'");
        Resolution resolution = resolve("AddSub");
        assertReasons(resolution, Kind.OP_MISSING);
        assertEquals(
                "Op AddSub of model m is not available: config.pbtxt asks for acme [1.0,2.0), which is not installed or "
                        + "does not provide it; bundles with an op of that name that are not named there: other/1.0.0. "
                        + "Put a bundle acme [1.0,2.0) that provides it into the deploy folder, or change "
                        + "model_operations.",
                resolution.explanation().toString());
    }

    @Test
    void refusalByTheIndexIsPassedOn() {
        index.add(1, "acme", "1.0.0", State.REFUSED, "it is built for aarch64, this machine is x86_64.", "AddSub");
        Resolution resolution = resolve("AddSub");
        assertReasons(resolution, Kind.LIBRARY_REFUSED);
        assertEquals(
                "Op AddSub of model m is not available: acme/1.0.0 is installed, but its library was refused: it is "
                        + "built for aarch64, this machine is x86_64. Deploy a version of acme whose library can be used.",
                resolution.explanation().toString());
    }

    @Test
    void refusalByTheBackendIsPassedOnAndTheNextVersionTaken() {
        index.add(1, "acme", "1.0.0", "AddSub");
        index.add(2, "acme", "2.0.0", "AddSub");
        backend.refused.put("acme/2.0.0", "undefined symbol x");
        assertWiring("AddSub=acme/1.0.0", resolve("AddSub"));

        backend.refused.put("acme/1.0.0", "undefined symbol y");
        Resolution resolution = resolve("AddSub");
        assertReasons(resolution, Kind.LIBRARY_REFUSED, Kind.LIBRARY_REFUSED);
        assertTrue(resolution.explanation().toString().contains("refused: undefined symbol y."));
    }

    @Test
    void schemaThatDiffersIsExplainedAndPassedOver() {
        index.add(1, "acme", "1.0.0", "AddSub");
        index.add(2, "acme", "2.0.0", "AddSub");
        OpRequirement bias = new FakeOp("AddSub", "bias");
        backend.attributes.put("acme/1.0.0 AddSub", "bias");
        assertWiring("AddSub=acme/1.0.0", resolve(bias));

        index.remove(1);
        Resolution resolution = resolve(bias);
        assertReasons(resolution, Kind.SCHEMA_MISMATCH);
        assertEquals(
                "Op AddSub of model m is not available: acme/2.0.0 is installed, but does not define the op as the "
                        + "model expects: attribute \"bias\" is unknown to it. Deploy a version of acme that the model "
                        + "was made for.",
                resolution.explanation().toString());
    }

    @Test
    void libraryThatDoesNotRegisterWhatItsBundleSaysIsAMismatch() {
        index.add(1, "acme", "1.0.0", "AddSub");
        backend.unregistered.add("AddSub");
        Resolution resolution = resolve("AddSub");
        assertReasons(resolution, Kind.SCHEMA_MISMATCH);
        assertTrue(resolution.explanation().toString().contains("its library does not register the op"));
    }

    @Test
    void stoppedBundleIsExplained() {
        index.add(12, "acme", "1.0.0", State.STOPPED, "bundle 12 is not started; start it with: start 12", "AddSub");
        Resolution resolution = resolve("AddSub");
        assertReasons(resolution, Kind.BUNDLE_STOPPED);
        assertEquals(
                "Op AddSub of model m is not available: acme/1.0.0 is installed, but bundle 12 is not started. Start it "
                        + "in the shell: start 12.",
                resolution.explanation().toString());
    }

    @Test
    void everyReasonIsNamedNearMissesFirst() throws Exception {
        index.add(1, "acme", "3.0.0", "AddSub");
        index.add(2, "acme", "1.3.0", State.STOPPED, "", "AddSub");
        index.add(3, "acme", "1.2.0", State.REFUSED, "bad", "AddSub");
        index.add(4, "acme", "1.1.0", "AddSub");
        pin("acme;version='[1.0,2.0)'");
        assertReasons(
                resolve(new FakeOp("AddSub", "bias")),
                Kind.BUNDLE_STOPPED,
                Kind.LIBRARY_REFUSED,
                Kind.SCHEMA_MISMATCH,
                Kind.VERSION_OUTSIDE_RANGE);
    }

    @Test
    void allOpsOfOneBundleComeFromOneVersion() {
        index.add(1, "acme", "1.0.0", "AddSub", "Clip");
        index.add(2, "acme", "2.0.0", "AddSub");
        assertWiring("AddSub=acme/1.0.0,Clip=acme/1.0.0", resolve("AddSub", "Clip"));
        assertWiring("AddSub=acme/2.0.0", resolve("AddSub"));
    }

    @Test
    void opsThatNoSingleVersionHasAreExplained() {
        index.add(1, "acme", "1.0.0", "Clip");
        index.add(2, "acme", "2.0.0", "AddSub");
        Resolution resolution = resolve("AddSub", "Clip");
        assertReasons(resolution, Kind.VERSION_OUTSIDE_RANGE);
        assertEquals(
                "Ops AddSub, Clip of model m are all provided by acme, but by no single installed version, and a model "
                        + "takes all ops of a bundle from one. Deploy a version of acme that provides all of them.",
                resolution.explanation().toString());
    }

    @Test
    void librariesOfOneBundleServeTogether() {
        index.add(1, "acme", "1.0.0", "AddSub");
        index.add(1, "acme", "1.0.1", "Clip");
        index.add(2, "clip", "1.0.0", "Round");
        assertWiring("AddSub=acme/1.0.0,Clip=acme/1.0.1,Round=clip/1.0.0", resolve("Round", "Clip", "AddSub"));
    }
}
