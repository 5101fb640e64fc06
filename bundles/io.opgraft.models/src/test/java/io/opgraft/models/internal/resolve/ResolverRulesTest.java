package io.opgraft.models.internal.resolve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.models.Explanation.Kind;
import io.opgraft.models.Explanation.Reason;
import io.opgraft.models.Wiring;
import io.opgraft.models.internal.config.ConfigException;
import io.opgraft.models.internal.config.OpPin;
import io.opgraft.models.internal.fake.FakeBackend;
import io.opgraft.models.internal.fake.FakeOp;
import io.opgraft.models.internal.fake.FakeOpIndex;
import io.opgraft.ops.OpOrigin;
import io.opgraft.ops.OpProvider;
import io.opgraft.ops.OpProvider.State;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Reports of trial loads, exact pins, libraries on trial, a model's own libraries, held providers and notes. */
class ResolverRulesTest {
    private static final String MINE = OpOrigin.PRIVATE_LOCATION + "1111";
    private static final String THEIRS = OpOrigin.PRIVATE_LOCATION + "2222";

    private final FakeOpIndex index = new FakeOpIndex();
    private final FakeBackend backend = new FakeBackend();
    private final Opener opener = new Opener(backend);
    private final List<OpPin> pins = new ArrayList<>();
    private final Map<String, OpProvider> held = new HashMap<>();
    private final OwnBundles own =
            new OwnBundles(Map.of(MINE, "ops/mine.jar"), Map.of(MINE, List.of("m"), THEIRS, List.of("n", "o")));

    private Resolution resolve(FakeOp... ops) {
        return Resolver.resolve(Request.of("m", 2, backend, index, List.of(ops))
                .withPins(pins)
                .withOwn(own)
                .withHeld(held)
                .withOpener(opener));
    }

    private Resolution resolve(String... ops) {
        FakeOp[] wanted = new FakeOp[ops.length];
        for (int i = 0; i < ops.length; i++) {
            wanted[i] = FakeOp.of(ops[i]);
        }
        return resolve(wanted);
    }

    private void pin(String... texts) throws ConfigException {
        for (String text : texts) {
            pins.add(OpPin.parse(text));
        }
    }

    private static Wiring assertWiring(String expected, Resolution resolution) {
        assertTrue(resolution.isComplete(), () -> resolution.explanation().toString());
        assertEquals(expected, resolution.wiring().toString());
        return resolution.wiring();
    }

    private static void assertReasons(Resolution resolution, Kind... kinds) {
        assertNull(resolution.wiring());
        assertEquals(
                List.of(kinds),
                resolution.explanation().reasons().stream().map(Reason::kind).toList());
    }

    private OpProvider probed(long id, String bundle, String version, String... ops) {
        return index.addProbed(id, bundle, version, "", "", ops);
    }

    private void checking(long id, String bundle, String version, String... ops) {
        index.add(id, bundle, version, State.CHECKING, "a trial load is under way", ops);
    }

    @Test
    void librariesWithReportsAreJudgedWithoutOpeningThem() {
        index.addProbed(1, "acme", "1.0.0", "", "bias", "AddSub");
        probed(2, "acme", "2.0.0", "AddSub");
        Wiring wiring = assertWiring("AddSub=acme/1.0.0", resolve(new FakeOp("AddSub", "bias")));
        assertTrue(backend.opened.isEmpty());
        assertEquals(
                "acme/2.0.0 was passed over for op AddSub: it does not define the op as the model expects: attribute "
                        + "\"bias\" is unknown to it. Export the model anew with that version to have it used.",
                wiring.notes().get(0).toString());
        assertEquals(Kind.SCHEMA_MISMATCH, wiring.notes().get(0).kind());
        assertEquals("acme/2.0.0", wiring.notes().get(0).subject());
    }

    @Test
    void libraryThatCannotBeOpenedAfterAllIsPassedOverAndTriedOnce() {
        probed(1, "acme", "1.0.0", "AddSub");
        probed(2, "acme", "2.0.0", "AddSub");
        backend.refused.put("acme/2.0.0", "it registers the protobuf file x.proto, as acme/0.1 did");
        Wiring first = assertWiring("AddSub=acme/2.0.0", resolve("AddSub"));
        assertNull(opener.open(first));
        Wiring second = assertWiring("AddSub=acme/1.0.0", resolve("AddSub"));
        assertEquals(Kind.LIBRARY_REFUSED, second.notes().get(0).kind());
        assertEquals(1, opener.open(second).size());
        assertEquals(List.of("acme/2.0.0", "acme/1.0.0"), backend.opened);
        assertEquals("variant", backend.copies.get(1).registrations().get(0).kind(), "the report goes to the backend");
    }

    @Test
    void withoutAnOpenerNothingIsEverOpened() {
        index.add(1, "acme", "1.0.0", "AddSub");
        Resolution resolution =
                Resolver.resolve(Request.of("m", 1, backend, index, List.of(new FakeOp("AddSub", "bias"))));
        assertWiring("AddSub=acme/1.0.0", resolution);
        assertTrue(backend.opened.isEmpty());
    }

    @Test
    void opThatTheTrialLoadDidNotSeeIsAMismatch() {
        OpProvider provider = probed(1, "acme", "1.0.0", "AddSub");
        index.remove(1);
        index.add(new OpProvider(
                provider.framework(),
                List.of("AddSub", "Clip"),
                provider.bundle(),
                provider.version(),
                1,
                State.ACTIVE,
                "",
                provider.digest(),
                provider.library(),
                provider.report(),
                provider.origin()));
        assertReasons(resolve("Clip"), Kind.SCHEMA_MISMATCH);
    }

    @Test
    void pinsHoldForTheirModelVersions() throws Exception {
        probed(1, "acme", "1.0.0", "AddSub");
        probed(2, "acme", "2.0.0", "AddSub");
        pin("acme;version='[1.0,1.0]';model-version='1'");
        assertWiring("AddSub=acme/2.0.0", resolve("AddSub"));
        pin("acme;version='[1.0,1.0]';model-version='[2,3]'");
        assertWiring("AddSub=acme/1.0.0", resolve("AddSub"));
    }

    @Test
    void digestNamesOneBuild() throws Exception {
        probed(1, "acme", "1.0.0", "AddSub");
        pin("acme;digest=0123456789abcdef");
        Resolution resolution = resolve("AddSub");
        assertReasons(resolution, Kind.VERSION_OUTSIDE_RANGE);
        assertEquals(
                "Op AddSub of model m is not available: acme/1.0.0 is installed, but its library has the digest "
                        + "acme-1.0.0, and config.pbtxt asks for 0123456789abcdef. Deploy the acme with that digest, or "
                        + "change the digest in model_operations.",
                resolution.explanation().toString());
    }

    @Test
    void higherVersionOnTrialIsWaitedFor() {
        probed(1, "acme", "1.0.0", "AddSub");
        checking(2, "acme", "2.0.0", "AddSub");
        Resolution resolution = resolve("AddSub");
        assertReasons(resolution, Kind.LIBRARY_CHECKING);
        assertEquals(
                "Op AddSub of model m is not available: acme/2.0.0 is installed, and a trial load of its library is "
                        + "under way. Wait for its end.",
                resolution.explanation().toString());
    }

    @Test
    void libraryOnTrialThatCannotWinIsNotWaitedFor() throws Exception {
        probed(1, "acme", "2.0.0", "AddSub", "Clip");
        checking(2, "acme", "1.0.0", "AddSub", "Clip");
        checking(3, "acme", "3.0.0", "AddSub");
        assertWiring("AddSub=acme/2.0.0,Clip=acme/2.0.0", resolve("AddSub", "Clip"));
        checking(4, "other", "1.0.0", "AddSub");
        assertReasons(resolve("AddSub", "Clip"), Kind.LIBRARY_CHECKING);
        pin("acme;version='[2.0,3.0)'", "other");
        assertWiring("AddSub=acme/2.0.0", resolve("AddSub"));
        pins.clear();
        pin("other", "acme");
        assertReasons(resolve("AddSub"), Kind.LIBRARY_CHECKING, Kind.LIBRARY_CHECKING);
    }

    @Test
    void libraryOnTrialThatMayHaveAllOpsIsWaitedFor() {
        probed(1, "acme", "1.0.0", "AddSub");
        probed(2, "acme", "2.0.0", "Clip");
        assertReasons(resolve("AddSub", "Clip"), Kind.VERSION_OUTSIDE_RANGE);
        checking(3, "acme", "3.0.0", "AddSub", "Clip");
        assertReasons(resolve("AddSub", "Clip"), Kind.LIBRARY_CHECKING, Kind.LIBRARY_CHECKING);
    }

    @Test
    void librariesWhoseOpsNobodyKnowsAreNamed() {
        checking(1, "new", "1.0.0");
        index.add(2, "bad", "1.0.0", State.REFUSED, "it crashed");
        assertReasons(resolve("AddSub"), Kind.LIBRARY_CHECKING);
        index.remove(1);
        Resolution resolution = resolve("AddSub");
        assertReasons(resolution, Kind.OP_MISSING);
        assertEquals(
                "Op AddSub of model m is not available: no installed bundle provides it; what these would provide is not "
                        + "known, because they were refused: bad/1.0.0. Put a bundle that provides it into the deploy "
                        + "folder.",
                resolution.explanation().toString());
    }

    @Test
    void ownLibraryWinsOverDeployedOnes() {
        probed(1, "other", "9.0.0", "AddSub");
        probed(2, "acme", "2.0.0", "AddSub");
        index.addProbed(3, "acme", "1.0.0", MINE, "", "AddSub");
        assertWiring("AddSub=acme/1.0.0", resolve("AddSub"));
    }

    @Test
    void ownLibraryThatDoesNotFitGivesWayWithANote() {
        index.addProbed(2, "acme", "2.0.0", "", "bias", "AddSub");
        index.addProbed(3, "acme", "1.0.0", MINE, "", "AddSub");
        Wiring wiring = assertWiring("AddSub=acme/2.0.0", resolve(new FakeOp("AddSub", "bias")));
        assertEquals("acme/1.0.0", wiring.notes().get(0).subject());
    }

    @Test
    void ownAndDeployedVersionsOfABundleAreNotMixed() {
        index.addProbed(3, "acme", "1.0.0", MINE, "", "AddSub");
        probed(2, "acme", "2.0.0", "AddSub", "Clip");
        Wiring wiring = assertWiring("AddSub=acme/2.0.0,Clip=acme/2.0.0", resolve("AddSub", "Clip"));
        assertEquals(
                "acme/1.0.0 was passed over for op AddSub: it does not provide Clip, and a model takes all ops of a bundle "
                        + "from one version. Deploy a version of acme that provides all of them.",
                wiring.notes().get(0).toString());
        index.remove(2);
        probed(2, "acme", "2.0.0", "Clip");
        assertReasons(resolve("AddSub", "Clip"), Kind.VERSION_OUTSIDE_RANGE);
    }

    @Test
    void pinsDoNotShutOutOwnLibraries() throws Exception {
        index.addProbed(3, "mine", "1.0.0", MINE, "", "AddSub");
        probed(2, "acme", "2.0.0", "AddSub");
        pin("acme");
        assertWiring("AddSub=mine/1.0.0", resolve("AddSub"));
        pin("mine;version='[2.0,3.0)'");
        assertWiring("AddSub=acme/2.0.0", resolve("AddSub"));
    }

    @Test
    void fileEntriesDoNotShutOutDeployedBundles() throws Exception {
        index.addProbed(3, "mine", "1.0.0", MINE, "", "AddSub");
        probed(2, "acme", "2.0.0", "Clip");
        pin("ops/mine.jar");
        assertWiring("AddSub=mine/1.0.0,Clip=acme/2.0.0", resolve("AddSub", "Clip"));
    }

    @Test
    void fileEntriesHoldForTheirModelVersions() throws Exception {
        index.addProbed(3, "mine", "1.0.0", MINE, "", "AddSub");
        probed(2, "acme", "2.0.0", "AddSub");
        pin("ops/mine.jar;model-version=1");
        assertWiring("AddSub=acme/2.0.0", resolve("AddSub"));
        pin("ops/mine.jar;model-version=2");
        assertWiring("AddSub=mine/1.0.0", resolve("AddSub"));
    }

    @Test
    void libraryOfAnotherModelIsNamedButNotTaken() {
        index.addProbed(1, "acme", "1.0.0", THEIRS, "", "AddSub");
        Resolution resolution = resolve("AddSub");
        assertReasons(resolution, Kind.PRIVATE_TO_ANOTHER_MODEL);
        assertEquals(
                "Op AddSub of model m is not available: it is offered by acme/1.0.0, but that library is private to models "
                        + "n, o. Deploy it for all models: put its bundle into the deploy folder.",
                resolution.explanation().toString());
        probed(2, "acme", "0.5.0", "AddSub");
        assertWiring("AddSub=acme/0.5.0", resolve("AddSub"));
    }

    @Test
    void refusedLibraryOfTheModelItselfIsNamedByItsFile() {
        OpProvider mine = index.addProbed(3, "mine", "1.0.0", MINE, "");
        index.remove(3);
        index.add(FakeOpIndex.as(State.REFUSED, "it crashed: signal 11.", mine));
        Resolution resolution = resolve("AddSub");
        assertReasons(resolution, Kind.LIBRARY_REFUSED);
        assertEquals(
                "Op AddSub of model m is not available: mine/1.0.0, which is the model's own ops/mine.jar, is there, but "
                        + "its library was refused: it crashed: signal 11. Replace ops/mine.jar in the model's folder by "
                        + "one that can be used.",
                resolution.explanation().toString());
    }

    @Test
    void heldProviderIsTakenThoughItsBundleIsGone() throws Exception {
        OpProvider old = probed(1, "acme", "1.0.0", "AddSub", "Clip");
        index.remove(1);
        probed(1, "acme", "2.0.0", "AddSub", "Clip", "New");
        held.put("AddSub", FakeOpIndex.former(old));
        pin("acme;version='[2.0,3.0)'");
        assertWiring("AddSub=acme/1.0.0", resolve("AddSub"));
        // The other ops of that bundle come from the same library, never from another version of it.
        assertWiring("AddSub=acme/1.0.0,Clip=acme/1.0.0", resolve("AddSub", "Clip"));
        assertReasons(resolve("AddSub", "New"), Kind.OP_MISSING);
    }

    @Test
    void heldProviderThatDoesNotFitIsExplained() {
        held.put("AddSub", FakeOpIndex.former(probed(1, "acme", "1.0.0", "AddSub")));
        assertReasons(resolve(new FakeOp("AddSub", "bias")), Kind.SCHEMA_MISMATCH);
        held.put("AddSub", FakeOpIndex.as(State.FORMER, "", held.get("AddSub")));
        Resolution resolution = resolve("AddSub");
        assertReasons(resolution, Kind.BUNDLE_STOPPED);
        assertTrue(resolution.explanation().toString().contains("its library is not there any more"));
    }

    @Test
    void onlyTheFirstOpsOfManyAreExplained() {
        Resolution resolution = resolve("A", "B", "C", "D", "E", "F", "G");
        assertEquals(6, resolution.explanation().reasons().size());
        assertTrue(resolution
                .explanation()
                .toString()
                .endsWith("2 more ops of model m are not available either. Provide the first 5; the others are named "
                        + "then."));
    }
}
