package io.opgraft.shell.internal.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.opgraft.models.ChangeRefusedException;
import io.opgraft.models.ChangeResult;
import io.opgraft.models.Explanation;
import io.opgraft.models.Explanation.Kind;
import io.opgraft.models.Explanation.Reason;
import io.opgraft.models.Impact;
import io.opgraft.models.Impact.Effect;
import io.opgraft.models.Impact.Fate;
import io.opgraft.models.ModelChanges;
import io.opgraft.models.ModelStatus;
import io.opgraft.models.Models;
import io.opgraft.models.Retained;
import io.opgraft.models.RetainedLibrary;
import io.opgraft.models.Wiring;
import io.opgraft.models.WiringChange;
import io.opgraft.ops.LibraryReport;
import io.opgraft.ops.OpIndex;
import io.opgraft.ops.OpOrigin;
import io.opgraft.ops.OpProvider;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Version;

/** What the commands about changes say, and whom they ask. */
class ChangeTextTest {
    private static OpProvider provider(String bundle, String version) {
        return new OpProvider(
                "tensorflow",
                List.of("AddSub"),
                bundle,
                Version.parseVersion(version),
                7,
                OpProvider.State.FORMER,
                "",
                "0123456789abcdef",
                null,
                LibraryReport.NONE,
                OpOrigin.NONE);
    }

    private static Wiring wiring(String version) {
        return new Wiring(List.of(new Wiring.Wire("AddSub", provider("acme", version))));
    }

    @Test
    void impactIsATableWithReasons() {
        Impact impact = new Impact(
                "Bundle acme/1.0.0 (id 7) would be stopped.",
                List.of("it asks for an executable stack"),
                List.of(
                        new Effect("m", 1, Fate.LOSES, wiring("1.0.0"), null, "Op AddSub is gone."),
                        new Effect("n", 2, Fate.MOVES, wiring("1.0.0"), wiring("1.1.0"), "")),
                List.of("acme/1.0.0"));
        assertEquals(
                """
                Bundle acme/1.0.0 (id 7) would be stopped.
                - it asks for an executable stack

                MODEL  VERSION  EFFECT  NOW                THEN
                m      1        loses   AddSub=acme/1.0.0  -
                n      2        moves   AddSub=acme/1.0.0  AddSub=acme/1.1.0

                m version 1 would lose an op. If its bundle stays active, what serves goes on until a restart. Op AddSub is gone.

                No longer used: acme/1.0.0.""",
                ChangeText.impact(impact));
    }

    @Test
    void resultsSayWhatMovedAndWhatDidNot() {
        Explanation why = new Explanation(List.of(new Reason(Kind.LOAD_FAILED, "", "", "It is damaged.", "")));
        assertEquals(
                """
                m version 1 went from AddSub=acme/1.1.0 to AddSub=acme/1.0.0 and is held.
                n version 1 goes on as before: It is damaged.
                o version 1 serves with AddSub=acme/1.0.0 and is held.
                p version 1 serves with nothing, because it is not loaded and is held.""",
                ChangeText.results(
                        List.of(
                                new ChangeResult("m", 1, wiring("1.1.0"), wiring("1.0.0"), Explanation.NONE),
                                new ChangeResult("n", 1, wiring("1.1.0"), wiring("1.1.0"), why),
                                new ChangeResult("o", 1, null, wiring("1.0.0"), Explanation.NONE),
                                new ChangeResult("p", 1, null, null, Explanation.NONE)),
                        "is held"));
    }

    @Test
    void historyIsATable() {
        assertEquals("Nothing of m has served yet.", ChangeText.history("m", List.of()));
        assertEquals(
                """
                TIME                  VERSION  CAUSE               OPS                DIFFERENCE
                2026-01-02T03:04:05Z  1        op bundles changed  AddSub=acme/1.1.0  update of bundle acme 1.0.0 -> 1.1.0
                2026-01-02T03:04:06Z  1        rollback            no ops             -""",
                ChangeText.history(
                        "m",
                        List.of(
                                new WiringChange(
                                        1,
                                        Instant.parse("2026-01-02T03:04:05Z"),
                                        WiringChange.Cause.OPS,
                                        "update of bundle acme 1.0.0 -> 1.1.0",
                                        wiring("1.1.0")),
                                new WiringChange(
                                        1,
                                        Instant.parse("2026-01-02T03:04:06Z"),
                                        WiringChange.Cause.ROLLBACK,
                                        "",
                                        new Wiring(List.of())))));
    }

    @Test
    void retainedIsATableWithTotals() {
        List<RetainedLibrary> libraries = List.of(
                new RetainedLibrary("tensorflow", "0123456789abcdef", "acme/1.0.0", 1 << 20, List.of()),
                new RetainedLibrary("tensorflow", "fedcba9876543210", "acme/1.1.0", 1 << 19, List.of("m/1")));
        assertEquals("No op library is loaded.", ChangeText.retained(new Retained(List.of(), 0, 0)));
        assertEquals(
                """
                LIBRARY FROM  DIGEST        FRAMEWORK   MIB   USED BY
                acme/1.0.0    0123456789ab  tensorflow  1.00  (not in use)
                acme/1.1.0    fedcba987654  tensorflow  0.50  m/1

                2 loaded, 1.50 MiB; of these not in use 1, 1.00 MiB.
                New libraries are refused once 3 libraries or 8.00 MiB are not in use.""",
                ChangeText.retained(new Retained(libraries, 3, 8 << 20)));
    }

    /** An object that notes its calls and answers with the same each time. */
    private static <T> T noting(Class<T> type, List<String> calls, Object answer) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> {
            if (method.getName().equals("held")) {
                return Set.of("gone");
            }
            calls.add(method.getName() + " " + (args == null ? "" : Arrays.asList(args)));
            return answer;
        }));
    }

    @Test
    void namesAreThoseOfModelsOrOfBundles() throws Exception {
        List<String> calls = new ArrayList<>();
        List<ModelStatus> models = List.of(
                new ModelStatus("m", true, List.of(), Explanation.NONE),
                new ModelStatus("both", true, List.of(), Explanation.NONE));
        ChangeCommands commands = new ChangeCommands(
                noting(ModelChanges.class, calls, List.of()),
                noting(Models.class, new ArrayList<>(), models),
                noting(
                        OpIndex.class,
                        new ArrayList<>(),
                        List.of(provider("acme", "1.0.0"), provider("both", "1.0.0"))));
        commands.rollback("m");
        commands.rollback("acme");
        commands.rollback("formerly");
        commands.release("m");
        commands.release("gone");
        commands.release("acme");
        ChangeRefusedException e = assertThrows(ChangeRefusedException.class, () -> commands.rollback("both"));
        assertEquals(
                "Both a model and a bundle are called both. Say rollback model both or rollback bundle both.",
                e.getMessage());
        commands.rollback("model", "both");
        commands.release("bundle", "both");
        assertThrows(IllegalArgumentException.class, () -> commands.rollback("server", "both"));
        assertEquals(
                List.of(
                        "rollback [m]",
                        "rollbackBundle [acme]",
                        "rollbackBundle [formerly]",
                        "release [m]",
                        "release [gone]",
                        "releaseBundle [acme]",
                        "rollback [both]",
                        "releaseBundle [both]"),
                calls);
    }
}
