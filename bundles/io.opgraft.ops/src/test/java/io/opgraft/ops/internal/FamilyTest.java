package io.opgraft.ops.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.elf.ElfFile;
import io.opgraft.ops.OpProvider;
import io.opgraft.ops.OpProvider.State;
import io.opgraft.probe.LibraryFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Op libraries of one bundle that need each other. */
class FamilyTest {
    private static final String AVAILABLE = "opgraft.op;framework=tensorflow;library=\"" + OpBundle.FOLDER;

    @TempDir
    Path dir;

    private final FakeProbe probe = new FakeProbe() {
        @Override
        List<String> ops(LibraryFiles files) {
            return files.before().isEmpty() ? List.of("Alone") : List.of("Base", "First", "Second");
        }
    };
    private TestFramework framework;

    @BeforeEach
    void start() throws Exception {
        framework = new TestFramework(dir);
        framework.probe(probe);
    }

    @AfterEach
    void stop() throws Exception {
        framework.close();
    }

    @Test
    void areOneUnitThatIsLoadedAsAWhole() throws Exception {
        family("1.0.0", 10);
        framework.settle();

        OpProvider base = provider("Base");
        OpProvider first = provider("First");
        OpProvider second = provider("Second");
        assertEquals(base.digest(), first.digest());
        assertEquals(base.files(), second.files(), "whichever is asked for, all are loaded");
        assertEquals(List.of("Base"), base.ops());
        assertEquals(
                List.of("First", "Second"),
                List.of(first.ops().get(0), second.ops().get(0)));

        LibraryFiles files = base.files();
        assertEquals(2, files.before().size());
        String renamed = String.valueOf(files.before().get(0).getFileName());
        assertTrue(renamed.startsWith("lib") && !renamed.equals("libfamilybase.so"), renamed);
        assertEquals(List.of(renamed), privateNeeds(files.before().get(1)));
        assertEquals(List.of(renamed), privateNeeds(files.library()));

        OpProvider alone = provider("Alone");
        assertNotEquals(base.digest(), alone.digest());
        assertEquals(List.of(), alone.files().before());
        assertEquals(files.folder(), alone.files().folder(), "the folder is stored once");
        assertEquals(1, framework.copies().size());
        assertEquals(
                base.report(), framework.ops().find(base.digest()).orElseThrow().report());
        assertEquals(
                alone.library(),
                framework.ops().find(alone.digest()).orElseThrow().library());
    }

    @Test
    void twoReleasesShareNothing() throws Exception {
        family("1.0.0", 10);
        family("2.0.0", 20);
        framework.settle();
        List<OpProvider> bases = framework.index().providers("tensorflow", "Base");
        assertEquals(2, bases.size());
        LibraryFiles one = bases.get(0).files();
        LibraryFiles two = bases.get(1).files();
        assertNotEquals(privateNeeds(one.library()), privateNeeds(two.library()));
    }

    private void family(String version, int value) throws Exception {
        Path folder = dir.resolve("build-" + version);
        Path base = NativeBuild.library(
                folder.resolve("libfamilybase.so"),
                "family.c",
                "-DBASE",
                "-DVALUE=" + value,
                "-Wl,-soname,libfamilybase.so");
        OpBundle bundle = new OpBundle("io.acme.family", version)
                .entry(OpBundle.FOLDER + "libfamilybase.so", Files.readAllBytes(base));
        for (String name : List.of("libfirst.so", "libsecond.so")) {
            Path library = NativeBuild.library(
                    folder.resolve(name), "family.c", "-DVALUE=" + value, base.toString(), "-Wl,-rpath,$ORIGIN");
            bundle.entry(OpBundle.FOLDER + name, Files.readAllBytes(library));
        }
        Path alone = NativeBuild.library(folder.resolve("libalone.so"), "op.c", "-DVALUE=" + value);
        bundle.entry(OpBundle.FOLDER + "libalone.so", Files.readAllBytes(alone));
        bundle.header(
                "Provide-Capability",
                AVAILABLE + "libsecond.so\";ops=Second," + AVAILABLE + "libfamilybase.so\"," + AVAILABLE
                        + "libfirst.so\";ops=First," + AVAILABLE + "libalone.so\";ops:List<String>=\"Alone\"");
        framework.start(bundle.write(dir.resolve(version + ".jar")));
    }

    private OpProvider provider(String op) {
        List<OpProvider> found = framework.index().providers("tensorflow", op);
        assertEquals(State.ACTIVE, found.get(0).state(), found.get(0).reason());
        return found.get(0);
    }

    private static List<String> privateNeeds(Path library) throws Exception {
        return ElfFile.read(library).needed().stream()
                .filter(name -> !name.startsWith("libc."))
                .toList();
    }
}
