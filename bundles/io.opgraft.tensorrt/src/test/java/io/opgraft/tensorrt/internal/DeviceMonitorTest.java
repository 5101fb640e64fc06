package io.opgraft.tensorrt.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.opgraft.backend.DeviceFigures;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DeviceMonitorTest {
    private List<Device> devices;

    @BeforeEach
    void start() throws Exception {
        devices = List.of(Lab.device(0));
    }

    private static String library(String... options) throws Exception {
        return Lab.compile(
                        "gcc",
                        Path.of("src", "test", "native", "nvml.c"),
                        Lab.folder().resolve("libtestnvml.so.1"),
                        options)
                .toString();
    }

    private List<DeviceFigures> read(String library) {
        return DeviceMonitor.of(library, devices).read();
    }

    @Test
    void figuresAreReadAnewEachTime() throws Exception {
        DeviceMonitor monitor = DeviceMonitor.of(library(), devices);
        for (int i = 1; i <= 2; i++) {
            assertEquals(
                    List.of(new DeviceFigures(
                            "GPU-07070707-0707-0707-0707-070707070707",
                            0.4,
                            85899345920.0,
                            1048576,
                            70.5,
                            Double.NaN,
                            1.5 * i)),
                    monitor.read());
        }
    }

    @Test
    void withoutTheLibraryThereAreNone() throws Exception {
        assertEquals(List.of(), read("libopgraft-no-nvml.so.1"));
        assertEquals(List.of(), read(library("-DNO_START")));
        assertEquals(List.of(), read(library("-DNO_ENERGY")));
        assertEquals(List.of(), read(library("-DOTHER_DEVICE")));
    }
}
