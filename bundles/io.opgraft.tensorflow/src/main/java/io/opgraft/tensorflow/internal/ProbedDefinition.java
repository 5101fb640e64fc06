package io.opgraft.tensorflow.internal;

import com.google.protobuf.InvalidProtocolBufferException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.tensorflow.proto.KernelDef;
import org.tensorflow.proto.KernelList;
import org.tensorflow.proto.OpDef;

/** How the definition of an op and its kernels are kept as bytes: the size of the OpDef, the OpDef, the KernelList. */
final class ProbedDefinition {
    private ProbedDefinition() {}

    static byte[] encode(OpDef definition, List<KernelDef> kernels) {
        byte[] op = definition.toByteArray();
        byte[] list = KernelList.newBuilder().addAllKernel(kernels).build().toByteArray();
        return ByteBuffer.allocate(Integer.BYTES + op.length + list.length)
                .putInt(op.length)
                .put(op)
                .put(list)
                .array();
    }

    /**
     * Reads them.
     *
     * @throws IllegalArgumentException if the bytes were not written by this class
     */
    static Scope.Op decode(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        int size = buffer.remaining() < Integer.BYTES ? -1 : buffer.getInt();
        if (size < 0 || size > buffer.remaining()) {
            throw new IllegalArgumentException("the kept definition of an op is damaged");
        }
        int end = Integer.BYTES + size;
        try {
            return new Scope.Op(
                    OpDef.parseFrom(Arrays.copyOfRange(bytes, Integer.BYTES, end)),
                    KernelList.parseFrom(Arrays.copyOfRange(bytes, end, bytes.length))
                            .getKernelList());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("the kept definition of an op is damaged", e);
        }
    }
}
