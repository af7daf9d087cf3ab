package org.vitrail.graph;

import java.util.Arrays;

/**
 * Holds serialized parts of a model file that Vitrail does not interpret and writes back unchanged: documentation, node
 * metadata, functions, fields of later ONNX versions.
 */
public final class UninterpretedProto {
    public static final UninterpretedProto NONE = new UninterpretedProto(new byte[0]);

    private final byte[] bytes;

    private UninterpretedProto(byte[] bytes) {
        this.bytes = bytes;
    }

    public static UninterpretedProto of(byte[] bytes) {
        return bytes.length == 0 ? NONE : new UninterpretedProto(bytes.clone());
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    public boolean isEmpty() {
        return bytes.length == 0;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof UninterpretedProto that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "UninterpretedProto[" + bytes.length + " bytes]";
    }
}
