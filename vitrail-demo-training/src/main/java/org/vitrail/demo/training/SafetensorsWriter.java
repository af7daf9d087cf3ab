package org.vitrail.demo.training;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Writes float32 weights in Hugging Face's safetensors format: header length, JSON header, raw numbers. */
final class SafetensorsWriter {
    private SafetensorsWriter() {}

    static void write(Map<String, NDArray> weights, Path file) throws IOException {
        byte[] header = header(weights);
        try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(file))) {
            out.writeLong(Long.reverseBytes(header.length));
            out.write(header);
            for (NDArray weight : weights.values()) {
                float[] values = weight.toFloatArray();
                ByteBuffer bytes =
                        ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
                bytes.asFloatBuffer().put(values);
                out.write(bytes.array());
            }
        }
    }

    /** Names, shapes and places in the file, padded with spaces so that the numbers begin at a multiple of 8. */
    private static byte[] header(Map<String, NDArray> weights) throws IOException {
        ObjectMapper json = new ObjectMapper();
        ObjectNode header = json.createObjectNode();
        long begin = 0;
        for (Map.Entry<String, NDArray> entry : weights.entrySet()) {
            NDArray weight = entry.getValue();
            ObjectNode tensor = header.putObject(entry.getKey()).put("dtype", "F32");
            for (long extent : weight.getShape().getShape()) {
                tensor.withArray("shape").add(extent);
            }
            long end = begin + Float.BYTES * weight.size();
            tensor.putArray("data_offsets").add(begin).add(end);
            begin = end;
        }
        String text = json.writeValueAsString(header);
        return (text + " ".repeat(-text.length() & 7)).getBytes(StandardCharsets.UTF_8);
    }
}
