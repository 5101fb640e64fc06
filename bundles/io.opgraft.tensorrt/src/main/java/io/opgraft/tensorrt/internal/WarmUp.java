package io.opgraft.tensorrt.internal;

import io.opgraft.backend.InferenceException;
import io.opgraft.backend.Shape;
import java.nio.ByteBuffer;
import java.util.List;

/** Runs an instance with zeros, since TensorRT and the driver do much in the first run. */
final class WarmUp {
    private final Engine engine;
    private final HostMemory memory;

    WarmUp(Engine engine, HostMemory memory) {
        this.engine = engine;
        this.memory = memory;
    }

    /** Runs every profile once. */
    void run(Instance instance) throws InferenceException {
        for (int i = 0; i < instance.profiles().size(); i++) {
            HostTensor[] in = zeros(instance.profiles().get(i));
            try {
                Execution.close(instance.runPlain(i, in));
            } finally {
                Execution.close(in);
            }
        }
    }

    private HostTensor[] zeros(Profile profile) throws InferenceException {
        List<EngineTensor> inputs =
                engine.tensors().stream().filter(EngineTensor::input).toList();
        HostTensor[] in = new HostTensor[inputs.size()];
        boolean done = false;
        try {
            for (int i = 0; i < in.length; i++) {
                Shape shape = profile.usual(i);
                var datatype = inputs.get(i).datatype();
                in[i] = HostTensor.allocate(memory, datatype, shape, HostTensor.size(datatype, shape));
                ByteBuffer content = in[i].buffer();
                while (content.hasRemaining()) {
                    content.put((byte) 0);
                }
            }
            done = true;
            return in;
        } finally {
            if (!done) {
                Execution.close(in);
            }
        }
    }
}
