package org.vitrail.onnx;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import onnx.OnnxMl.StringStringEntryProto;
import onnx.OnnxMl.TensorProto;
import org.vitrail.graph.Weight;

/**
 * Stores the larger weights of a model in a file beside it. Each weight begins on a page boundary, so that readers can
 * map it.
 */
final class ExternalDataWriter implements GraphWriter.Storage {
    private static final int PAGE_BYTES = 4096;

    /** Smaller weights, such as shapes and scalars, stay in the model file, where readers expect them. */
    private static final int MIN_BYTES = 1024;

    private final String name;
    private final List<ByteBuffer> stored = new ArrayList<>();
    private long end;

    ExternalDataWriter(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    /** The length of the file. */
    long bytes() {
        return end;
    }

    @Override
    public TensorProto.Builder store(Weight weight) {
        ByteBuffer bytes = weight.bytes();
        if (bytes.remaining() < MIN_BYTES) {
            return TensorCodec.write(weight);
        }
        long offset = nextPage(end);
        end = offset + bytes.remaining();
        stored.add(bytes);
        return TensorCodec.header(weight)
                .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                .addExternalData(entry("location", name))
                .addExternalData(entry("offset", Long.toString(offset)))
                .addExternalData(entry("length", Integer.toString(bytes.remaining())));
    }

    /** Writes the weights in the order in which they were stored, at the offsets assigned then. */
    void writeTo(FileChannel channel) throws IOException {
        for (ByteBuffer bytes : stored) {
            channel.position(nextPage(channel.position()));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }
    }

    private static long nextPage(long position) {
        return Math.ceilDiv(position, PAGE_BYTES) * PAGE_BYTES;
    }

    static StringStringEntryProto entry(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
    }
}
