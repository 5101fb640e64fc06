package io.opgraft.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The shell, against a server with the example models. */
class ShellIT {
    @RegisterExtension
    static final ExampleServer SERVER = new ExampleServer();

    private static String run(String... command) throws Exception {
        Opgraft.Result result = SERVER.shell(command);
        assertEquals(0, result.exit(), Arrays.toString(command) + ": " + result.err() + result.out());
        return result.out();
    }

    private static void assertHas(String text, String... parts) {
        for (String part : parts) {
            assertTrue(text.contains(part), part + " is not in:\n" + text);
        }
    }

    @Test
    void socketIsForItsOwnerOnly() throws Exception {
        Path socket = SERVER.data().resolve("shell.sock");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)));
    }

    @Test
    void listsAndDescribes() throws Exception {
        assertHas(run("opgraft:ops"), "TRTISExampleAddSub", AddSub.BUNDLE, AddSub.OTHER, "1.0.0", "2.0.0");
        assertHas(run("opgraft:op", "TRTISExampleAddSub"), AddSub.BUNDLE, AddSub.OTHER);
        assertHas(run("opgraft:models"), "addsub_v1", "addsub_v2", "addsub_other", "addsub_missing", "digits");
        assertHas(run("opgraft:model", "addsub_v1"), "INPUT0", "OUTPUT1", "INT32");
        assertHas(run("opgraft:wiring"), AddSub.BUNDLE + "/1.0.0", AddSub.OTHER + "/1.0.0");
        assertHas(run("opgraft:wiring", "addsub_v2"), AddSub.BUNDLE + "/2.0.0");
        assertHas(run("opgraft:status"), "tensorflow", "2.18.0");
    }

    @Test
    void oneStringAndSeveralWordsMeanTheSame() throws Exception {
        assertEquals(run("opgraft:explain", "addsub_missing"), run("opgraft:explain addsub_missing"));
    }

    @Test
    void unknownModelFails() throws Exception {
        Opgraft.Result result = SERVER.shell("opgraft:explain", "nobody");
        assertNotEquals(0, result.exit());
        assertHas(result.out() + result.err(), "nobody");
    }

    @Test
    void unknownCommandFails() throws Exception {
        Opgraft.Result result = SERVER.shell("no-such-command");
        assertEquals(1, result.exit());
        assertHas(result.out() + result.err(), "no-such-command");
    }

    @Test
    void plainFelixCommandsWork() throws Exception {
        assertHas(run("lb"), "io.opgraft.models", "Active");
        Path jar = SERVER.folder().resolve("extra.jar");
        Files.copy(AddSub.jar(AddSub.BUNDLE, "3.0.0"), jar);
        String installed = run("install", jar.toUri().toString());
        String id = installed.replaceAll("\\D", "");
        assertHas(run("opgraft:op", "TRTISExampleAddSub"), "3.0.0", "STOPPED");
        run("start", id);
        assertHas(run("opgraft:op", "TRTISExampleAddSub"), "3.0.0");
        run("inspect", "cap", "opgraft.op", id);
        run("update", id);
        run("uninstall", id);
    }

    @Test
    void bundlesAreNamedAndMistakesAreSentences() throws Exception {
        Path jar = SERVER.folder().resolve("named.jar");
        Files.copy(AddSub.jar(AddSub.BUNDLE, "3.0.0"), jar);
        String name = AddSub.BUNDLE + "/3.0.0";
        run("start", jar.toString());
        assertHas(run("lb", "-s", AddSub.BUNDLE), "Active", "3.0.0");
        run("stop", name);
        assertHas(run("lb", "-s", AddSub.BUNDLE), "Resolved");
        run("start", name);
        run("update", name, jar.toString());
        run("uninstall", name);
        for (String command : new String[] {"start", "stop", "update", "uninstall"}) {
            Opgraft.Result result = SERVER.shell(command, "no.such.bundle");
            assertEquals(1, result.exit(), command);
            assertHas(result.err(), "There is no bundle no.such.bundle; lb lists them.");
        }
        Opgraft.Result several = SERVER.shell("stop", AddSub.BUNDLE);
        assertEquals(1, several.exit());
        assertHas(several.err(), "Several bundles are called " + AddSub.BUNDLE);
    }

    @Test
    void everyCommandHasAHelpLine() throws Exception {
        for (String command :
                new String[] {"ops", "op", "models", "model", "wiring", "explain", "load", "unload", "status"}) {
            assertHas(run("help", "opgraft:" + command), command);
        }
    }
}
