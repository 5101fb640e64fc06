package io.opgraft.tensorrt.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.backend.BackendStatus;
import io.opgraft.backend.ModelLoadException;
import io.opgraft.backend.OpLoadException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class NoDeviceTest {
    @BeforeAll
    static void loadShim() throws Exception {
        Lab.shim();
    }

    private static String reason(Path driver) {
        return assertThrows(IOException.class, () -> Device.all(driver.toString(), 0))
                .getMessage();
    }

    @Test
    void saysThatThereIsNoDriver() {
        String text = reason(Path.of("libopgraft-no-driver.so.1"));
        assertTrue(text.startsWith("no NVIDIA driver (libopgraft-no-driver.so.1: cannot open shared object"), text);
    }

    @Test
    void saysThatThereIsNoGpu() throws Exception {
        String text = reason(Lab.driver("-DNO_GPU"));
        assertTrue(text.startsWith("the NVIDIA driver finds no GPU (error 100"), text);
    }

    @Test
    void saysWhatAStubLacks() throws Exception {
        String text = reason(Natives.unpack(Natives.DRIVER_STUB, Lab.folder()));
        assertEquals("the NVIDIA driver is too old or a stub: it lacks cuInit", text);
    }

    @Test
    void aBackendWithoutDeviceRefusesWithThatReason() {
        TensorRtBackend backend = new TensorRtBackend(
                Lab.SETTINGS,
                settings -> {
                    throw new IOException("no device: no NVIDIA driver");
                },
                new TensorRt.MappedByLoader());
        BackendStatus status = backend.status();
        assertFalse(status.available());
        assertEquals("no device: no NVIDIA driver", status.detail());
        ModelLoadException model =
                assertThrows(ModelLoadException.class, () -> backend.inspect(Lab.source(Path.of("/nowhere"))));
        assertTrue(model.getMessage().endsWith("no device: no NVIDIA driver"), model.getMessage());
        OpLoadException op = assertThrows(OpLoadException.class, () -> backend.open(Lab.library("x", "A/1")));
        assertTrue(op.getMessage().endsWith("no device: no NVIDIA driver"), op.getMessage());
        assertEquals(List.of(), backend.loadedLibraries());
    }

    @Test
    void aHomeWithoutTensorRtSaysWhatIsThere() throws Exception {
        Path home = Lab.folder();
        Files.createFile(Files.createDirectories(home.resolve("lib")).resolve("libnvinfer.so.8"));
        IOException e = assertThrows(IOException.class, () -> TensorRtFiles.find(home(home)));
        assertTrue(e.getMessage().contains("no libnvinfer.so.10 in " + home), e.getMessage());
        assertTrue(e.getMessage().contains("only libnvinfer.so.8"), e.getMessage());
        Files.createFile(home.resolve("lib").resolve("libnvinfer.so.10"));
        Files.createFile(home.resolve("lib").resolve("libcudart.so.12"));
        TensorRtFiles found = TensorRtFiles.find(home(home));
        assertEquals(home.resolve("lib/libnvinfer.so.10"), found.nvinfer());
        assertEquals(home.resolve("lib/libcudart.so.12"), found.cudart());
    }

    private static Settings home(Path home) {
        return new Settings(Lab.DATA, home, null, false, 0, 0, true, false, true, 1000);
    }

    @Test
    void theDistributionsOwnComesBeforeTheLoaders() throws Exception {
        Path distribution = Lab.folder();
        Settings settings = new Settings(Lab.DATA, null, distribution, false, 0, 0, true, false, true, 1000);
        assertTrue(TensorRtFiles.find(settings).byName());
        Path own = Files.createDirectories(distribution.resolve("tensorrt/lib")).resolve("libnvinfer.so.10");
        Files.createFile(own);
        assertEquals(own, TensorRtFiles.find(settings).nvinfer());
    }
}
