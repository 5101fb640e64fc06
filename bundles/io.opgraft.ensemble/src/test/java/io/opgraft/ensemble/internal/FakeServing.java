package io.opgraft.ensemble.internal;

import io.opgraft.backend.DataType;
import io.opgraft.backend.InferenceException;
import io.opgraft.backend.Outputs;
import io.opgraft.backend.Shape;
import io.opgraft.backend.Tensor;
import io.opgraft.models.Explanation;
import io.opgraft.models.ModelMetadata;
import io.opgraft.models.ModelNotReadyException;
import io.opgraft.models.Wiring;
import io.opgraft.serving.InferenceRequest;
import io.opgraft.serving.ModelStatistics;
import io.opgraft.serving.RunHandler;
import io.opgraft.serving.RunPhases;
import io.opgraft.serving.Serving;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Models that compute with one INT32; each run happens at once, or when the test says so. */
final class FakeServing implements Serving {
    /** Computes the outputs by name. */
    interface Computation {
        Map<String, Integer> run(Map<String, Integer> inputs) throws InferenceException;
    }

    final Map<String, Computation> models = new HashMap<>();
    final List<String> opened = new ArrayList<>();
    final Set<String> deferred = new TreeSet<>();
    final Deque<Runnable> waiting = new ArrayDeque<>();
    final List<String> cancelled = new ArrayList<>();
    final List<String> terms = new ArrayList<>();
    int taken;
    int open;
    int mostOpen;

    @Override
    public InferenceRequest open(String model, OptionalLong version) throws ModelNotReadyException {
        if (!models.containsKey(model)) {
            throw new ModelNotReadyException("Model '" + model + "' is not ready", Explanation.NONE);
        }
        opened.add(model + (version.isPresent() ? "/" + version.getAsLong() : ""));
        open++;
        mostOpen = Math.max(open, mostOpen);
        return new Request(model);
    }

    @Override
    public List<ModelStatistics> statistics() {
        return List.of();
    }

    /** A tensor of one number. */
    static final class IntTensor implements Tensor {
        final ByteBuffer memory = ByteBuffer.allocateDirect(4).order(ByteOrder.LITTLE_ENDIAN);
        boolean closed;

        static IntTensor of(int value) {
            IntTensor number = new IntTensor();
            number.memory.putInt(0, value);
            return number;
        }

        @Override
        public DataType datatype() {
            return DataType.INT32;
        }

        @Override
        public Shape shape() {
            return Shape.of(1);
        }

        @Override
        public ByteBuffer buffer() {
            if (closed) {
                throw new IllegalStateException("closed");
            }
            return memory.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private final class Request implements InferenceRequest {
        private final String model;
        private final Map<String, Tensor> inputs = new TreeMap<>();
        private final List<Tensor> outputs = new ArrayList<>();
        private RunHandler handler;
        private String id;
        private boolean told;
        private boolean closed;

        Request(String model) {
            this.model = model;
        }

        @Override
        public ModelMetadata metadata() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Wiring wiring() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Tensor input(String name, DataType datatype, Shape shape, long byteCount) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void input(String name, Tensor tensor) {
            inputs.put(name, tensor);
        }

        @Override
        public void schedule(long priority, long timeoutMicros) throws InferenceException {
            if (priority > 9) {
                throw new InferenceException("priority " + priority + " is not a level", true);
            }
            terms.add(id + " " + model + " " + priority + " " + timeoutMicros);
        }

        @Override
        public void id(String name) {
            id = name;
        }

        @Override
        public void taken() {
            taken++;
        }

        @Override
        public RunPhases phases() {
            return new RunPhases(10, 100);
        }

        @Override
        public Outputs run(List<String> names) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void run(List<String> names, RunHandler to) {
            handler = to;
            if (deferred.contains(model)) {
                waiting.add(() -> answer(names));
            } else {
                answer(names);
            }
        }

        private void answer(List<String> names) {
            if (told) {
                return;
            }
            told = true;
            try {
                Map<String, Integer> values = new TreeMap<>();
                inputs.forEach(
                        (name, tensor) -> values.put(name, tensor.buffer().getInt(0)));
                Map<String, Integer> results = models.get(model).run(values);
                names.forEach(name -> outputs.add(IntTensor.of(results.get(name))));
            } catch (InferenceException e) {
                handler.failed(e);
                return;
            }
            handler.completed(new Outputs() {
                @Override
                public List<Tensor> tensors() {
                    return outputs;
                }

                @Override
                public void close() {}
            });
        }

        @Override
        public void cancel() {
            if (!told && handler != null) {
                told = true;
                cancelled.add(model);
                handler.failed(new InferenceException("cancelled", false));
            }
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                open--;
                outputs.forEach(Tensor::close);
            }
        }
    }
}
