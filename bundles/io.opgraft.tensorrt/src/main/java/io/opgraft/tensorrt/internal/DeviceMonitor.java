package io.opgraft.tensorrt.internal;

import io.opgraft.backend.DeviceFigures;
import java.util.ArrayList;
import java.util.List;

/** Reads the figures of GPUs from the driver's management library, if that is there. Immutable. */
final class DeviceMonitor {
    static final String LIBRARY = "libnvidia-ml.so.1";

    private static final int ENERGY = 5;

    private final long monitor;
    private final List<Watched> watched = new ArrayList<>();

    /** A device, and the joules that it had taken when this began. */
    private record Watched(String uuid, double before) {}

    private DeviceMonitor(long monitor) {
        this.monitor = monitor;
    }

    /** For devices whose driver is open. Without the library, or for devices that it does not know, there is nothing. */
    static DeviceMonitor of(String library, List<Device> devices) {
        DeviceMonitor made = new DeviceMonitor(Shim.openMonitor(Utf8.bytes(library)));
        if (made.monitor != 0) {
            for (Device device : devices) {
                byte[] uuid = Shim.deviceUuid(device.number());
                double[] now = uuid == null ? null : Shim.figures(made.monitor, uuid);
                if (now != null) {
                    made.watched.add(new Watched(Utf8.text(uuid), now[ENERGY]));
                }
            }
        }
        return made;
    }

    /** What the devices say now, in their order. */
    List<DeviceFigures> read() {
        List<DeviceFigures> figures = new ArrayList<>();
        for (Watched device : watched) {
            double[] now = Shim.figures(monitor, Utf8.bytes(device.uuid()));
            if (now != null) {
                figures.add(new DeviceFigures(
                        device.uuid(), now[0], now[1], now[2], now[3], now[4], now[ENERGY] - device.before()));
            }
        }
        return figures;
    }
}
