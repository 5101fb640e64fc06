package io.opgraft.tensorflow.internal;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.backend.OpLibraryCopy;
import io.opgraft.backend.OpLoadException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class RefusalTest {
    private static String refused(OpLibraryCopy copy) {
        return assertThrows(OpLoadException.class, () -> Lab.BACKEND.open(copy)).getMessage();
    }

    @Test
    void aLibraryForAnotherTensorFlowIsToldWithAllItLacks() throws Exception {
        String message = refused(Lab.library("foreign 1.0.0", "foreign.c"));
        assertTrue(message.contains("2 symbols are undefined"), message);
        assertTrue(message.contains("TF_FunctionOfTomorrow") && message.contains("TF_FunctionOfTheDayAfter"), message);
    }

    @Test
    void aLibraryWithoutOpsIsRefusedEachTime() throws Exception {
        OpLibraryCopy nothing = Lab.library("nothing 1.0.0", "nothing.c");
        assertTrue(refused(nothing).contains("registers no op"));
        assertTrue(refused(nothing).contains("registers no op"));
        assertTrue(refused(Lab.library("kernels 1.0.0", "kernelonly.c")).contains("registers no op"));
    }

    @Test
    void filesThatAreNoLibrariesAreRefused() throws Exception {
        Path text = Lab.folder().resolve("libtext.so");
        Files.writeString(text, "not a library");
        assertTrue(refused(Lab.copy("text 1.0.0", text)).contains("libtext.so"));
        OpLibraryCopy good = Lab.library("cut 1.0.0", "scale.c", "-DFACTOR=2");
        byte[] content = Files.readAllBytes(good.library());
        Path cut = Lab.folder().resolve("libcut.so");
        Files.write(cut, java.util.Arrays.copyOf(content, content.length / 4));
        assertTrue(refused(Lab.copy("cut 1.0.0", cut)).contains("libcut.so"));
    }

    @Test
    void onlyOneLibraryMayRegisterProtocolBuffers() throws Exception {
        OpLibraryCopy first = Lab.library("proto 1.0.0", "scale.c", "-DFACTOR=2", "-DPROTOBUF=1");
        OpLibraryCopy second = Lab.library("proto 2.0.0", "scale.c", "-DFACTOR=3", "-DPROTOBUF=1");
        Lab.BACKEND.open(first);
        String message = refused(second);
        assertTrue(message.contains("Proto_1_0_0"), message);
        Lab.BACKEND.open(first);
    }

    @Test
    void withoutAFileTheLoaderSaysWhy() throws Exception {
        OpLibraryCopy good = Lab.library("gone 1.0.0", "scale.c", "-DFACTOR=77");
        Files.delete(good.library());
        assertTrue(refused(good).contains("cannot be read"));
    }
}
