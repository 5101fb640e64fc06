package io.opgraft.tensorrt.internal;

import io.opgraft.backend.DataType;
import io.opgraft.backend.Shape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Opens "plans" that are texts: each line names an op that is needed, or is {@code fails} for a plan whose runs fail,
 * {@code old} for one of another TensorRT. They add and subtract two tensors on the test's driver.
 */
final class TestEngines implements EngineFactory {
    private static final int WORK = 0x7e57;

    final List<String> events = new ArrayList<>();
    private final Device device;

    TestEngines(Device device) {
        this.device = device;
    }

    @Override
    public String version() {
        return "10.6.0";
    }

    @Override
    public List<Device> devices() {
        return List.of(device);
    }

    @Override
    public Engine open(PlanFile plan, List<PluginLibrary> libraries, Device on) throws EngineException {
        Set<String> offered = new HashSet<>();
        libraries.forEach(library -> offered.addAll(library.ops()));
        List<String> lines;
        try {
            lines = Files.readAllLines(plan.path());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        boolean fails = false;
        for (String line : lines) {
            if (line.equals("fails")) {
                fails = true;
            } else if (line.equals("old")) {
                throw failed("0The engine plan file is not compatible with this version of TensorRT, expecting library"
                        + " version 10.6.0.26 got 10.3.0.26, please rebuild.");
            } else if (line.contains("/") && !offered.contains(line)) {
                String[] parts = line.split("/", -1);
                throw failed("1IPluginRegistry::getCreator: Error Code 4: API Usage Error (Cannot find plugin: "
                        + parts[0] + ", version: " + parts[1] + ", namespace:.)");
            }
        }
        libraries.forEach(PluginLibrary::use);
        events.add("open");
        return new TestEngine(libraries, fails);
    }

    private static EngineException failed(String log) {
        RuntimeMessages messages = RuntimeMessages.parse(log);
        return new EngineException(messages.reason("10.6.0", "GPU 0"), messages.missingOp());
    }

    private final class TestEngine implements Engine {
        private final List<PluginLibrary> libraries;
        private final boolean fails;

        TestEngine(List<PluginLibrary> libraries, boolean fails) {
            this.libraries = libraries;
            this.fails = fails;
        }

        @Override
        public Device device() {
            return device;
        }

        @Override
        public List<EngineTensor> tensors() {
            return List.of(tensor("a", true), tensor("b", true), tensor("sum", false), tensor("diff", false));
        }

        private EngineTensor tensor(String name, boolean input) {
            return new EngineTensor(name, input, DataType.FP32, Shape.of(Shape.ANY, 4), true);
        }

        @Override
        public int profiles() {
            return 2;
        }

        @Override
        public Range range(String input, int profile) {
            return profile == 0
                    ? new Range(new long[] {1, 4}, new long[] {2, 4}, new long[] {8, 4})
                    : new Range(new long[] {9, 4}, new long[] {16, 4}, new long[] {32, 4});
        }

        @Override
        public long contextBytes() {
            return 4096;
        }

        @Override
        public EngineContext context(int profile) throws EngineException {
            try {
                device.memory().take(contextBytes());
            } catch (MemoryAccount.FullException e) {
                throw new EngineException(e.getMessage());
            }
            events.add("context");
            return new TestContext(fails);
        }

        @Override
        public void close() {
            events.add("close engine");
            libraries.forEach(PluginLibrary::release);
        }
    }

    private final class TestContext implements EngineContext {
        private final boolean fails;
        private final long stream = Shim.createStream(device.context());
        private final ByteBuffer work =
                ByteBuffer.allocateDirect(4 * Long.BYTES).order(ByteOrder.nativeOrder());
        private long rows;

        TestContext(boolean fails) {
            this.fails = fails;
        }

        @Override
        public long stream() {
            return stream;
        }

        @Override
        public boolean setShape(String input, long[] dimensions) {
            rows = dimensions[0];
            return true;
        }

        @Override
        public long[] shape(String output) {
            return new long[] {rows, 4};
        }

        @Override
        public boolean setAddress(String tensor, long address) {
            work.putLong(List.of("a", "b", "sum", "diff").indexOf(tensor) * Long.BYTES, address);
            return true;
        }

        @Override
        public boolean enqueue() {
            CopyTable table = new CopyTable(1);
            table.set(0, rows * 4, Shim.addressOf(work), WORK);
            return !fails && Shim.begin(device.context(), stream, table.address(0), 1) == 0;
        }

        @Override
        public RuntimeMessages messages() {
            return RuntimeMessages.parse(fails ? "1Assertion pluginUtils::isSuccess(status) failed." : "");
        }

        @Override
        public void close() {
            events.add("close context");
            Shim.destroyStream(device.context(), stream);
            device.memory().giveBack(4096);
        }
    }
}
