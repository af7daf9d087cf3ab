package org.vitrail.onnx;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import onnx.OnnxMl.GraphProto;
import onnx.OnnxMl.StringStringEntryProto;
import onnx.OnnxMl.TensorProto;
import org.vitrail.tensor.InputFile;
import org.vitrail.tensor.VitrailException;

/**
 * Reads weights stored in files beside the model (ONNX external data). A model file is untrusted, so the location that
 * it names must be a regular file inside the model's folder after links are resolved. Each file is mapped once.
 */
final class ExternalDataReader {
    /** The location that ONNX Runtime takes for an address in memory rather than a file. */
    private static final String MEMORY_ADDRESS = "_ORT_MEM_ADDR_";

    private final Path folder;
    private final Map<Path, ByteBuffer> mapped = new HashMap<>();

    ExternalDataReader(Path folder) {
        this.folder = folder;
    }

    /** The existing files that the weights of a graph name, each once. */
    static List<Path> files(Path folder, GraphProto graph) {
        Set<Path> files = new LinkedHashSet<>();
        for (TensorProto tensor : graph.getInitializerList()) {
            if (tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
                tensor.getExternalDataList().stream()
                        .filter(entry -> entry.getKey().equals("location")
                                && !entry.getValue().contains("\0"))
                        .map(entry -> folder.resolve(entry.getValue()))
                        .filter(Files::exists)
                        .forEach(files::add);
            }
        }
        return List.copyOf(files);
    }

    /** Returns the {@code size} bytes that an external tensor names; error messages begin with {@code where}. */
    ByteBuffer bytes(TensorProto tensor, long size, String where) {
        Map<String, String> entries = new HashMap<>();
        for (StringStringEntryProto entry : tensor.getExternalDataList()) {
            entries.put(entry.getKey(), entry.getValue());
        }
        String location = entries.getOrDefault("location", "");
        try {
            Path file = confined(location, where);
            long fileSize = Files.size(file);
            long offset = number(entries, "offset", 0, where);
            long length = number(entries, "length", size, where);
            if (length != size) {
                throw new VitrailException(where + ": its type and shape take " + size + " bytes, but the file names "
                        + length + " bytes of " + location);
            }
            if (offset > fileSize || size > fileSize - offset) {
                throw new VitrailException(where + ": wants bytes " + offset + " to " + (offset + size) + " of "
                        + location + ", which has only " + fileSize
                        + " (was it copied whole, and does it belong to this model?)");
            }
            return slice(file, fileSize, offset, size);
        } catch (IOException e) {
            throw new VitrailException(
                    where + ": its data file " + location + " cannot be read: " + InputFile.reason(e), e);
        }
    }

    private Path confined(String location, String where) throws IOException {
        Path relative;
        try {
            relative = Path.of(location);
        } catch (InvalidPathException e) {
            throw new VitrailException(where + ": the name of its data file is not a valid path: " + e.getMessage(), e);
        }
        boolean climbs = false;
        for (Path part : relative) {
            climbs |= part.toString().equals("..");
        }
        if (location.isEmpty()
                || relative.isAbsolute()
                || climbs
                || location.indexOf('\\') >= 0
                || location.contains(MEMORY_ADDRESS)) {
            throw new VitrailException(
                    where + ": its data file must lie in the model's folder, but the model names '" + location + "'");
        }
        Path file = folder.resolve(relative);
        if (!Files.exists(file)) {
            throw new VitrailException(where + ": its data file " + location
                    + " is missing; put it beside the model, where it was when the model was saved");
        }
        Path real = file.toRealPath();
        if (!real.startsWith(folder.toRealPath())) {
            throw new VitrailException(where + ": its data file " + location
                    + " is a link that leaves the model's folder; put the file itself there");
        }
        if (!Files.isRegularFile(real)) {
            throw new VitrailException(where + ": its data file " + location + " is not a file");
        }
        return real;
    }

    private ByteBuffer slice(Path file, long fileSize, long offset, long size) throws IOException {
        if (fileSize > Integer.MAX_VALUE) {
            return map(file, offset, size);
        }
        ByteBuffer whole = mapped.get(file);
        if (whole == null) {
            whole = map(file, 0, fileSize);
            mapped.put(file, whole);
        }
        return whole.slice((int) offset, (int) size);
    }

    private static ByteBuffer map(Path file, long offset, long size) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, offset, size);
        }
    }

    private static long number(Map<String, String> entries, String key, long otherwise, String where) {
        String text = entries.get(key);
        if (text == null) {
            return otherwise;
        }
        try {
            long value = Long.parseLong(text.strip());
            if (value >= 0) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Reported below, like a negative number.
        }
        throw new VitrailException(
                where + ": the " + key + " of its external data should be a number of bytes, got '" + text + "'");
    }
}
