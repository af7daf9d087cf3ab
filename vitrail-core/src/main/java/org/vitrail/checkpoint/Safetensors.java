package org.vitrail.checkpoint;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.vitrail.graph.DataType;
import org.vitrail.graph.Weight;
import org.vitrail.tensor.InputFile;
import org.vitrail.tensor.VitrailException;

/**
 * Reads a safetensors file: eight bytes with the header's length (little endian), a JSON header with each tensor's
 * type, shape and position, and the tensors' bytes one after the other (<a
 * href="https://github.com/huggingface/safetensors">format</a>). The header is checked when the file is opened; tensors
 * are mapped into memory when they are read.
 */
public final class Safetensors {
    /** The largest header that is read: far above any real header, but safe to parse. */
    private static final int MAX_HEADER_BYTES = 16 << 20;

    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(8).build())
                    .build())
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final Path file;
    private final Map<String, Entry> entries;
    private final Map<String, String> metadata;

    /** The position of a tensor: from {@code begin} to before {@code end}, in bytes of the file. */
    private record Entry(DataType type, List<Integer> shape, long begin, long end) {}

    private Safetensors(Path file, Map<String, Entry> entries, Map<String, String> metadata) {
        this.file = file;
        this.entries = entries;
        this.metadata = Collections.unmodifiableMap(metadata);
    }

    /** Opens a file and checks its header; throws {@link VitrailException} if anything in it is invalid. */
    public static Safetensors open(Path file) {
        try (FileChannel channel = FileChannel.open(file)) {
            long size = channel.size();
            ByteBuffer length = read(channel, 0, (int) Math.min(8, size));
            long header = length.remaining() < 8 ? -1 : length.getLong();
            if (header < 2 || header > size - 8) {
                throw broken(
                        file, "its header does not fit into its " + size + " bytes: not safetensors, or cut short");
            }
            if (header > MAX_HEADER_BYTES) {
                throw broken(
                        file,
                        "its header takes " + header + " bytes, more than the " + MAX_HEADER_BYTES + " that are read");
            }
            byte[] text = new byte[(int) header];
            read(channel, 8, text.length).get(text);
            return parse(file, JSON.readTree(text), 8 + header, size);
        } catch (JacksonException e) {
            throw broken(file, "its header is not the JSON of safetensors: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new VitrailException(file + ": cannot be read (" + InputFile.reason(e) + ")", e);
        }
    }

    /** Returns whether a file starts as safetensors files do: a length, then the brace that opens the header. */
    static boolean looksLike(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            byte[] start = in.readNBytes(9);
            return start.length == 9 && start[7] == 0 && start[8] == '{';
        }
    }

    private static ByteBuffer read(FileChannel channel, long position, int size) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        int count;
        do {
            count = channel.read(bytes, position + bytes.position());
        } while (count > 0);
        return bytes.flip();
    }

    private static Safetensors parse(Path file, JsonNode header, long dataStart, long size) {
        if (!header.isObject()) {
            throw broken(file, "its header is not a JSON object");
        }
        Map<String, Entry> entries = new LinkedHashMap<>();
        Map<String, String> metadata = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> field : header.properties()) {
            if (field.getKey().equals("__metadata__")) {
                field.getValue()
                        .properties()
                        .forEach(text ->
                                metadata.put(text.getKey(), text.getValue().asText()));
            } else {
                entries.put(field.getKey(), entry(file, field.getKey(), field.getValue(), dataStart, size));
            }
        }
        checkLayout(file, entries, dataStart, size);
        return new Safetensors(file, entries, metadata);
    }

    private static Entry entry(Path file, String name, JsonNode entry, long dataStart, long size) {
        DataType type = type(file, name, entry.path("dtype").asText());
        List<Integer> shape = new ArrayList<>();
        long count = 1;
        for (JsonNode extent : entry.path("shape")) {
            if (!extent.canConvertToInt() || !extent.isIntegralNumber() || extent.intValue() < 0) {
                throw broken(file, "the shape of " + name + " holds " + extent + ", which is not a valid extent");
            }
            shape.add(extent.intValue());
            try {
                count = Math.multiplyExact(count, extent.longValue());
                type.bytes(count);
            } catch (ArithmeticException e) {
                throw broken(file, "the shape of " + name + " is too large");
            }
        }
        JsonNode offsets = entry.path("data_offsets");
        long begin = offset(offsets.path(0));
        long end = offset(offsets.path(1));
        if (!entry.path("shape").isArray() || offsets.size() != 2 || begin < 0 || end < begin) {
            throw broken(
                    file,
                    "the entry of " + name + " needs a shape and two data_offsets, the first not above the"
                            + " second");
        }
        if (end > size - dataStart) {
            throw broken(
                    file,
                    name + " ends at byte " + end + " of " + (size - dataStart) + ": the file is damaged or cut short");
        }
        if (end - begin != type.bytes(count)) {
            throw broken(
                    file,
                    name + " is " + type + shape + ", " + type.bytes(count) + " bytes, but holds " + (end - begin));
        }
        return new Entry(type, List.copyOf(shape), dataStart + begin, dataStart + end);
    }

    /** Returns a number as an offset; -1 if it cannot be one. */
    private static long offset(JsonNode number) {
        return number.isIntegralNumber() && number.canConvertToLong() ? number.longValue() : -1;
    }

    private static DataType type(Path file, String name, String dtype) {
        return switch (dtype) {
            case "F64" -> DataType.DOUBLE;
            case "F32" -> DataType.FLOAT;
            case "F16" -> DataType.FLOAT16;
            case "BF16" -> DataType.BFLOAT16;
            case "F8_E4M3" -> DataType.FLOAT8E4M3FN;
            case "F8_E5M2" -> DataType.FLOAT8E5M2;
            case "I64" -> DataType.INT64;
            case "I32" -> DataType.INT32;
            case "I16" -> DataType.INT16;
            case "I8" -> DataType.INT8;
            case "U64" -> DataType.UINT64;
            case "U32" -> DataType.UINT32;
            case "U16" -> DataType.UINT16;
            case "U8" -> DataType.UINT8;
            case "BOOL" -> DataType.BOOL;
            default -> throw broken(file, name + " has the type \"" + dtype + "\", which safetensors does not know");
        };
    }

    /** Checks that tensors follow one another and fill the file: no overlap, no gap, no rest. */
    private static void checkLayout(Path file, Map<String, Entry> entries, long dataStart, long size) {
        List<Map.Entry<String, Entry>> sorted = new ArrayList<>(entries.entrySet());
        sorted.sort(Comparator.comparingLong((Map.Entry<String, Entry> e) -> e.getValue().begin)
                .thenComparingLong(e -> e.getValue().end));
        long position = dataStart;
        for (Map.Entry<String, Entry> entry : sorted) {
            if (entry.getValue().begin != position) {
                throw broken(
                        file,
                        entry.getKey() + " starts at byte " + entry.getValue().begin
                                + " of the file, but should start at byte " + position
                                + ": tensors overlap or leave a gap");
            }
            position = entry.getValue().end;
        }
        if (position != size) {
            throw broken(file, "its tensors end at byte " + position + ", the file at byte " + size);
        }
    }

    private static VitrailException broken(Path file, String what) {
        return new VitrailException(file + ": " + what);
    }

    /** The tensors' names, in the header's order. */
    public Set<String> names() {
        return Collections.unmodifiableSet(entries.keySet());
    }

    /** The metadata under {@code __metadata__}, free text by key. */
    public Map<String, String> metadata() {
        return metadata;
    }

    public Path file() {
        return file;
    }

    public List<Integer> shape(String name) {
        return entry(name).shape;
    }

    /** Returns the tensor as a view of the file's bytes; throws {@link VitrailException} beyond 2 GiB. */
    public Weight weight(String name) {
        Entry entry = entry(name);
        long bytes = entry.end - entry.begin;
        if (bytes > Integer.MAX_VALUE) {
            throw broken(file, name + " takes " + bytes + " bytes; tensors up to 2 GiB can be read");
        }
        try (FileChannel channel = FileChannel.open(file)) {
            ByteBuffer mapped = channel.map(FileChannel.MapMode.READ_ONLY, entry.begin, bytes);
            return Weight.of(entry.type, entry.shape.stream().mapToInt(i -> i).toArray(), mapped);
        } catch (IOException e) {
            throw new VitrailException(file + ": " + name + " cannot be read (" + InputFile.reason(e) + ")", e);
        }
    }

    private Entry entry(String name) {
        Entry entry = entries.get(name);
        if (entry == null) {
            throw new IllegalArgumentException(file + " has no tensor " + name);
        }
        return entry;
    }
}
