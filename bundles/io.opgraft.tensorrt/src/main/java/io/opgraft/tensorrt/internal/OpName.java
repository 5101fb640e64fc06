package io.opgraft.tensorrt.internal;

/** How ops are called outside TensorRT: {@code Name/version}, or {@code namespace::Name/version}. */
final class OpName {
    private OpName() {}

    static String of(String name, String version, String namespace) {
        String plain = name + "/" + version;
        return namespace.isEmpty() ? plain : namespace + "::" + plain;
    }
}
