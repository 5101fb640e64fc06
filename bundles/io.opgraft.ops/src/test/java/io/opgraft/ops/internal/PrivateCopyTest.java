package io.opgraft.ops.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.elf.ElfFile;
import io.opgraft.ops.OpProvider;
import io.opgraft.ops.OpProvider.State;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;

class PrivateCopyTest {
    @TempDir
    static Path natives;

    private static Path plain;

    @TempDir
    Path dir;

    private TestFramework framework;

    @BeforeAll
    static void build() throws Exception {
        plain = NativeBuild.library(natives.resolve("libplain.so"), "op.c", "-DVALUE=1");
    }

    @BeforeEach
    void start() throws Exception {
        framework = new TestFramework(dir);
    }

    @AfterEach
    void stop() throws Exception {
        framework.close();
    }

    @Test
    void helpersGetPrivateNamesThatDependOnTheDigest() throws Exception {
        OpProvider one = withHelper("1.0.0", 10);
        OpProvider two = withHelper("2.0.0", 20);
        assertEquals(State.ACTIVE, one.state(), one.reason());
        String helperOfOne = ElfFile.read(one.library()).needed().get(0);
        String helperOfTwo = ElfFile.read(two.library()).needed().get(0);
        assertNotEquals(helperOfOne, helperOfTwo);
        assertFalse(helperOfOne.equals("libaddhelper.so"));
        Path helper = one.library().resolveSibling("deps").resolve(helperOfOne);
        assertEquals(helperOfOne, ElfFile.read(helper).soname());
        assertTrue(Files.exists(one.library().resolveSibling("data.txt")), "data files come along");
    }

    @Test
    void uniqueSymbolsAreRepaired() throws Exception {
        Path library = NativeBuild.library(natives.resolve("libunique.so"), "unique.c");
        OpProvider provider = started(bundle("1.0.0", library));
        assertEquals(List.of(), ElfFile.read(provider.library()).uniqueSymbols());
        assertEquals(1, ElfFile.read(library).uniqueSymbols().size());
    }

    @Test
    void whatCannotBeLoadedIsRefused() throws Exception {
        byte[] whole = Files.readAllBytes(plain);
        assertRefused(Arrays.copyOf(whole, whole.length - 100), "libplain.so is cut: its section table needs");
        assertRefused("hello".getBytes(StandardCharsets.UTF_8), "libplain.so is not an ELF file");
        byte[] foreign = whole.clone();
        foreign[18] = 21;
        foreign[19] = 0;
        assertRefused(foreign, "libplain.so is for ppc64, this machine is ");
        byte[] object = whole.clone();
        object[16] = 1;
        assertRefused(object, "libplain.so is not a shared library; link it with -shared");
        assertEquals(List.of(), framework.copies(), "a refused library leaves nothing behind");
    }

    @Test
    void aHelperThatTheLoaderWouldNotFindIsRefused() throws Exception {
        Path helper = NativeBuild.library(
                natives.resolve("lost/libaddhelper.so"), "helper.c", "-DVALUE=1", "-Wl,-soname,libaddhelper.so");
        Path library = NativeBuild.library(
                natives.resolve("lost/libop.so"), "op.c", "-DVALUE=1", "-DHELPER", helper.toString());
        OpBundle bundle =
                bundle("1.0.0", library).entry(OpBundle.FOLDER + "libaddhelper.so", Files.readAllBytes(helper));
        OpProvider provider = started(bundle);
        assertEquals(State.REFUSED, provider.state());
        assertTrue(provider.reason().contains("link it with -Wl,-rpath,'$ORIGIN'"), provider.reason());
    }

    @Test
    void aCopyIsReusedWhenItIsRightAndMadeAgainWhenNot() throws Exception {
        OpProvider provider = started(bundle("1.0.0", plain));
        Object first = key(provider.library());
        framework.restartOps();
        assertEquals(provider, framework.only());
        assertEquals(first, key(provider.library()), "the same file");

        byte[] damaged = Files.readAllBytes(provider.library());
        damaged[damaged.length / 2] ^= 1;
        Files.write(provider.library(), damaged);
        framework.restartOps();
        assertEquals(provider, framework.only());
        assertEquals(-1, Files.mismatch(plain, provider.library()));

        Path stranger = Files.writeString(provider.library().resolveSibling("stranger"), "x");
        framework.restartOps();
        assertFalse(Files.exists(stranger), "only what was recorded may lie beside a library");

        Files.writeString(provider.library().resolve("../../copy.json").normalize(), "");
        framework.restartOps();
        assertEquals(provider, framework.only());
        assertEquals(List.of(provider.digest()), framework.copies());
    }

    @Test
    void whatACrashLeftIsRemoved() throws Exception {
        Path left = Files.createDirectories(framework.store().resolve(".tmp-crash/files"));
        Files.writeString(left.resolve("libhalf.so"), "half");
        framework.restartOps();
        assertFalse(Files.exists(left));
    }

    @Test
    void anUnusableStoreIsARefusalAndNoFailureToStart() throws Exception {
        Bundle bundle = framework.install(bundle("1.0.0", plain).write(dir.resolve("x.jar")));
        Durable.delete(framework.store());
        Files.writeString(framework.store(), "in the way");
        bundle.start();
        assertEquals(State.REFUSED, framework.only().state());
        String reason = framework.only().reason();
        assertTrue(reason.contains("cannot be copied to " + framework.store()), reason);
        Files.delete(framework.store());
        Files.createDirectory(framework.store());
        bundle.stop();
        bundle.start();
        assertEquals(State.ACTIVE, framework.only().state());
    }

    private OpProvider withHelper(String version, int value) throws Exception {
        Path folder = natives.resolve(version);
        Path helper = NativeBuild.library(
                folder.resolve("deps/libaddhelper.so"), "helper.c", "-DVALUE=" + value, "-Wl,-soname,libaddhelper.so");
        Path library = NativeBuild.library(
                folder.resolve("libop.so"),
                "op.c",
                "-DVALUE=1",
                "-DHELPER",
                helper.toString(),
                "-Wl,-rpath,$ORIGIN/deps");
        OpBundle bundle = bundle(version, library)
                .entry(OpBundle.FOLDER + "deps/libaddhelper.so", Files.readAllBytes(helper))
                .entry(OpBundle.FOLDER + "data.txt", new byte[] {1, 2});
        framework.start(bundle.write(dir.resolve(version + ".jar")));
        return framework.index().providers("tensorflow", "AddSub").get(0);
    }

    private static OpBundle bundle(String version, Path library) throws Exception {
        return new OpBundle("io.acme.addsub", version).op("AddSub", library);
    }

    private OpProvider started(OpBundle bundle) throws Exception {
        framework.start(bundle.write(dir.resolve("bundle.jar")));
        return framework.only();
    }

    private void assertRefused(byte[] library, String reason) throws Exception {
        OpBundle bundle = bundle("1.0.0", plain).entry(OpBundle.FOLDER + "libplain.so", library);
        Bundle installed = framework.start(bundle.write(dir.resolve("bad.jar")));
        assertEquals(State.REFUSED, framework.only().state());
        assertTrue(
                framework.only().reason().startsWith(reason), framework.only().reason());
        assertEquals("", framework.only().digest());
        installed.uninstall();
    }

    private static Object key(Path file) throws Exception {
        return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }
}
