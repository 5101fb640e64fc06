package io.opgraft.tensorflow.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeFilesTest {
    private static final String FOLDER = "org/tensorflow/internal/c_api/linux-x86_64/";

    @TempDir
    private Path folder;

    /** A natives bundle with one small library. */
    private ClassLoader bundle(byte[] content, long crc) throws IOException {
        Path natives = Files.createDirectories(folder.resolve("bundle").resolve(FOLDER));
        Files.write(natives.resolve("libsmall.so"), content);
        Files.writeString(
                natives.resolve("natives.properties"),
                "version=9.9\n" + FOLDER + "libsmall.so=" + content.length + "," + Long.toHexString(crc) + "\n");
        return new URLClassLoader(new URL[] {folder.resolve("bundle").toUri().toURL()}, null);
    }

    private static long crc(byte[] content) {
        CRC32 crc = new CRC32();
        crc.update(content);
        return crc.getValue();
    }

    @Test
    void unpacksOnceForManyThreads() throws Exception {
        byte[] content = new byte[3_000_000];
        ClassLoader bundle = bundle(content, crc(content));
        Path cache = folder.resolve("cache");
        ScopeTest.together(thread -> {
            Path unpacked = NativeFiles.find(bundle).unpack(cache);
            assertArrayEquals(content, Files.readAllBytes(unpacked.resolve("libsmall.so")));
        });
        Path unpacked = NativeFiles.find(bundle).unpack(cache);
        assertTrue(unpacked.getFileName().toString().startsWith("tensorflow-9.9-"), unpacked.toString());
        var time = Files.getLastModifiedTime(unpacked.resolve("libsmall.so"));
        NativeFiles.find(bundle).unpack(cache);
        assertEquals(time, Files.getLastModifiedTime(unpacked.resolve("libsmall.so")));
    }

    @Test
    void anIncompleteCacheIsReplaced() throws Exception {
        byte[] content = {1, 2, 3};
        ClassLoader bundle = bundle(content, crc(content));
        Path unpacked = NativeFiles.find(bundle).unpack(folder);
        Files.write(unpacked.resolve("libsmall.so"), new byte[1]);
        Path unfinished = Files.createDirectories(folder.resolve(unpacked.getFileName() + ".unfinished"));
        Files.write(unfinished.resolve("libold.so"), new byte[1]);
        NativeFiles.find(bundle).unpack(folder);
        assertArrayEquals(content, Files.readAllBytes(unpacked.resolve("libsmall.so")));
        assertTrue(Files.notExists(unpacked.resolve("libold.so")));
    }

    @Test
    void damageAndAbsenceAreTold() throws Exception {
        ClassLoader damaged = bundle(new byte[] {1}, 42);
        IOException e =
                assertThrows(IOException.class, () -> NativeFiles.find(damaged).unpack(folder));
        assertTrue(e.getMessage().contains("damaged"), e.getMessage());
        ClassLoader nothing = new URLClassLoader(new URL[0], null);
        e = assertThrows(IOException.class, () -> NativeFiles.find(nothing));
        assertEquals("the natives bundle io.opgraft.tensorflow.linux-x86_64 is not installed", e.getMessage());
    }
}
