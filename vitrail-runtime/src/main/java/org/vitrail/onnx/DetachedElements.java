package org.vitrail.onnx;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Separates the elements of large weights from a serialized model, so that they stay in the mapped file: parsing a direct
 * buffer, protobuf copies all of it to the heap.
 */
final class DetachedElements {
    /** Fewer bytes of elements stay in the message. */
    private static final int MIN_BYTES = 1024;

    /** Larger messages of another form than protobuf's are refused here, smaller ones left to the parser's own errors. */
    private static final int MAX_COPIED_BYTES = 64 << 20;

    /** Numbers of fields: ModelProto.graph, GraphProto.initializer, TensorProto.data_type and raw_data. */
    private static final int GRAPH = 7;

    private static final int INITIALIZER = 5;
    private static final int DATA_TYPE = 2;
    private static final int RAW_DATA = 9;

    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int DELIMITED = 2;
    private static final int FIXED32 = 5;

    private final ByteBuffer file;
    private final Map<Integer, ByteBuffer> elements = new HashMap<>();
    private int initializers;

    /** Thrown where the bytes do not have the form of a message. */
    private static final class Malformed extends Exception {
        private static final long serialVersionUID = 1;
    }

    /**
     * A serialized model without the elements of its large weights.
     *
     * @param message the ModelProto; belongs to the caller
     * @param elements of the initializers of the model's graph, by their index
     */
    record Parts(byte[] message, Map<Integer, ByteBuffer> elements) {
        /** Returns the elements of an initializer of the model's graph that the message lacks. */
        Optional<ByteBuffer> ofInitializer(int index) {
            return Optional.ofNullable(elements.get(index));
        }
    }

    /** A field of a message: its number, wire type, value where that is a varint, and where its parts lie in the file. */
    private record Field(int number, int wire, long value, int start, int payload, int end) {}

    private DetachedElements(ByteBuffer file) {
        this.file = file;
    }

    /**
     * Takes a serialized ModelProto apart.
     *
     * @throws InvalidProtocolBufferException for many bytes that are no message
     */
    static Parts of(ByteBuffer file) throws InvalidProtocolBufferException {
        DetachedElements detached = new DetachedElements(file);
        try {
            byte[] message = detached.model();
            return new Parts(message, detached.elements);
        } catch (Malformed e) {
            if (file.limit() > MAX_COPIED_BYTES) {
                throw new InvalidProtocolBufferException("a field ends behind the file's end or has an unknown type");
            }
            byte[] message = new byte[file.limit()];
            file.get(0, message);
            return new Parts(message, Map.of());
        }
    }

    private byte[] model() throws Malformed {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Field field;
        for (int at = 0; at < file.limit(); at = field.end()) {
            field = field(at, file.limit());
            if (field.number() == GRAPH && field.wire() == DELIMITED) {
                put(out, GRAPH, graph(field));
            } else {
                copy(out, field);
            }
        }
        return out.toByteArray();
    }

    private byte[] graph(Field graph) throws Malformed {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Field field;
        for (int at = graph.payload(); at < graph.end(); at = field.end()) {
            field = field(at, graph.end());
            if (field.number() == INITIALIZER && field.wire() == DELIMITED) {
                put(out, INITIALIZER, tensor(field));
                initializers++;
            } else {
                copy(out, field);
            }
        }
        return out.toByteArray();
    }

    private byte[] tensor(Field tensor) throws Malformed {
        int type = 0;
        Field raw = null;
        Field field;
        for (int at = tensor.payload(); at < tensor.end(); at = field.end()) {
            field = field(at, tensor.end());
            if (field.number() == DATA_TYPE && field.wire() == VARINT) {
                type = (int) field.value();
            } else if (field.number() == RAW_DATA && field.wire() == DELIMITED) {
                raw = field;
            }
        }
        // Tensors of unknown types are kept as they are in the file, which they can only be whole.
        boolean detached = raw != null
                && raw.end() - raw.payload() >= MIN_BYTES
                && TensorCodec.known(type).isPresent();
        if (detached) {
            elements.put(initializers, file.slice(raw.payload(), raw.end() - raw.payload()));
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int at = tensor.payload(); at < tensor.end(); at = field.end()) {
            field = field(at, tensor.end());
            if (!detached || field.number() != RAW_DATA) {
                copy(out, field);
            }
        }
        return out.toByteArray();
    }

    private Field field(int start, int limit) throws Malformed {
        long[] read = varint(start, limit);
        int number = (int) (read[0] >>> 3);
        int wire = (int) (read[0] & 7);
        int payload = (int) read[1];
        long value = 0;
        long end = payload;
        switch (wire) {
            case VARINT -> {
                read = varint(payload, limit);
                value = read[0];
                end = read[1];
            }
            case FIXED64 -> end += Long.BYTES;
            case FIXED32 -> end += Integer.BYTES;
            case DELIMITED -> {
                read = varint(payload, limit);
                payload = (int) read[1];
                if (read[0] < 0 || read[0] > limit - payload) {
                    throw new Malformed();
                }
                end = payload + read[0];
            }
            default -> throw new Malformed();
        }
        if (number == 0 || end > limit) {
            throw new Malformed();
        }
        return new Field(number, wire, value, start, payload, (int) end);
    }

    /** Returns the number at a position, and the position behind it. */
    private long[] varint(int start, int limit) throws Malformed {
        long value = 0;
        for (int at = start, shift = 0; at < limit && shift < Long.SIZE; at++, shift += 7) {
            byte next = file.get(at);
            value |= (next & 0x7FL) << shift;
            if (next >= 0) {
                return new long[] {value, at + 1};
            }
        }
        throw new Malformed();
    }

    private void copy(ByteArrayOutputStream out, Field field) {
        byte[] bytes = new byte[field.end() - field.start()];
        file.get(field.start(), bytes);
        out.writeBytes(bytes);
    }

    private static void put(ByteArrayOutputStream out, int number, byte[] message) {
        putVarint(out, number << 3 | DELIMITED);
        putVarint(out, message.length);
        out.writeBytes(message);
    }

    private static void putVarint(ByteArrayOutputStream out, int value) {
        int rest = value;
        while ((rest & ~0x7F) != 0) {
            out.write((rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        out.write(rest);
    }
}
