package org.vitrail.checkpoint;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.vitrail.graph.DataType;
import org.vitrail.graph.Weight;

/** Writes safetensors files for tests: valid ones from weights, invalid ones from a header's text. */
final class SafetensorsBytes {
    private SafetensorsBytes() {}

    static Path write(Path file, Map<String, Weight> weights) {
        ObjectNode header = new ObjectMapper().createObjectNode();
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        weights.forEach((name, weight) -> {
            byte[] bytes = new byte[weight.bytes().remaining()];
            weight.bytes().get(bytes);
            ObjectNode entry = header.putObject(name);
            entry.put("dtype", dtype(weight.type()));
            var shape = entry.putArray("shape");
            for (int extent : weight.shape()) {
                shape.add(extent);
            }
            entry.putArray("data_offsets").add(data.size()).add(data.size() + bytes.length);
            data.writeBytes(bytes);
        });
        return write(file, header.toString(), data.toByteArray());
    }

    static Path write(Path file, String header, byte... data) {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        byte[] length = ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(text.length)
                .array();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(length);
        all.writeBytes(text);
        all.writeBytes(data);
        try {
            return Files.write(file, all.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String dtype(DataType type) {
        return switch (type) {
            case FLOAT -> "F32";
            case FLOAT16 -> "F16";
            case BFLOAT16 -> "BF16";
            case DOUBLE -> "F64";
            case INT64 -> "I64";
            default -> throw new IllegalArgumentException("no test writes " + type);
        };
    }
}
