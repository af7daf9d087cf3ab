package org.vitrail.onnx;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import onnx.OnnxMl.ModelProto;
import onnx.OnnxMl.TensorProto;
import org.vitrail.graph.Graph;
import org.vitrail.graph.Weight;
import org.vitrail.tensor.InputFile;
import org.vitrail.tensor.VitrailException;

/**
 * Reads and writes ONNX files. Files are untrusted: whatever a file holds, reading it returns a graph or throws a
 * {@link VitrailException} that names the file. Reading maps the file, so weights take no heap; do not change the file
 * in place while its graph is in use (replacing it, as {@link #write} does, is fine).
 *
 * <p>A protobuf message is limited to 2 GB, so the weights of larger models go to a second file, {@code NAME.data}.
 *
 * <p>A file may be a Zstandard archive of the model: it is read as one when its first bytes say so, whatever its name,
 * and written as one when its name ends in {@code .zst}. The unpacked model is held in memory outside the heap.
 */
public final class OnnxFile {
    /** Models with more bytes of weights than this store them in a second file. */
    static final long MAX_INLINE_BYTES = 1_800_000_000L;

    private OnnxFile() {}

    /** Reads a model file of opset 11 to 23. */
    public static Graph read(Path path) {
        ByteBuffer bytes = map(path);
        Path folder = path.toAbsolutePath().getParent();
        GraphReader reader = new GraphReader(path.toString(), new ExternalDataReader(folder));
        return ZstdArchive.recognises(bytes)
                ? parse(path + ", unpacked,", ZstdArchive.unpack(path, bytes), reader)
                : parse(path.toString(), bytes, reader);
    }

    /** The files in which a model stores its weights, as far as they exist; none where it is no readable model. */
    public static List<Path> dataFiles(Path path) {
        ByteBuffer bytes = map(path);
        ByteBuffer plain = ZstdArchive.recognises(bytes) ? ZstdArchive.unpack(path, bytes) : bytes;
        try {
            ModelProto model = ModelProto.parseFrom(DetachedElements.of(plain).message());
            return ExternalDataReader.files(path.toAbsolutePath().getParent(), model.getGraph());
        } catch (IOException e) {
            return List.of();
        }
    }

    /**
     * Writes the model atomically; with more than 1.8 GB of weights, {@code NAME.data} beside it as well. The file is
     * compressed if its name ends in {@code .zst}; the model may then take at most 1 GB.
     */
    public static void write(Graph graph, Path path) {
        if (isCompressedName(path)) {
            AtomicFile.writeBytes(path, compressed(graph, path.toString()));
            return;
        }
        write(graph, path, MAX_INLINE_BYTES);
    }

    /**
     * The name under which {@link #write} compresses a model: {@code x.onnx.zst} for {@code x.onnx} and for
     * {@code x.onnx.zst}.
     */
    public static Path compressedName(Path path) {
        return isCompressedName(path) ? path : path.resolveSibling(path.getFileName() + ZstdArchive.SUFFIX);
    }

    /** Returns whether {@link #write} compresses a model to a file of this name. */
    public static boolean isCompressedName(Path path) {
        return path.toString().toLowerCase(Locale.ROOT).endsWith(ZstdArchive.SUFFIX);
    }

    /** Returns whether a file that {@link #read} has read is a Zstandard archive. */
    public static boolean isCompressed(Path path) {
        return ZstdArchive.recognises(map(path));
    }

    /**
     * The number of bytes of the file to which {@link #write} would compress the model; nothing is written. Takes about
     * a second for 5 MB of quantized weights.
     */
    public static long compressedBytes(Graph graph) {
        return compressed(graph, graph.name()).remaining();
    }

    /** Returns whether an archive may hold the model: its file takes no more than 1 GB. */
    public static boolean canBeCompressed(Graph graph) {
        return weightBytes(graph) <= ZstdArchive.MAX_UNPACKED_BYTES
                && fileBytes(graph) <= ZstdArchive.MAX_UNPACKED_BYTES;
    }

    private static ByteBuffer compressed(Graph graph, String name) {
        if (canBeCompressed(graph)) {
            return ZstdArchive.pack(bytes(graph));
        }
        throw new VitrailException(name + " cannot be compressed: its weights take " + (weightBytes(graph) >> 20)
                + " MB, and an archive may hold " + (ZstdArchive.MAX_UNPACKED_BYTES >> 20)
                + " MB: write the model without compression");
    }

    public static void write(Graph graph, Path path, long maxInlineBytes) {
        if (weightBytes(graph) <= maxInlineBytes) {
            ModelProto model = inline(graph);
            AtomicFile.write(path, channel -> write(model, channel));
            return;
        }
        ExternalDataWriter data = new ExternalDataWriter(path.getFileName() + ".data");
        ModelProto model = new GraphWriter(data).model(graph);
        // The model is written last, because it names the data: a reader that finds the model finds both.
        Map<Path, AtomicFile.Content> both = new LinkedHashMap<>();
        both.put(path.resolveSibling(data.name()), data::writeTo);
        both.put(path, channel -> write(model, channel));
        AtomicFile.writeTogether(both);
    }

    /** Serializes a model below 1.8 GB, weights included. */
    public static ByteBuffer bytes(Graph graph) {
        return bytes(inline(graph));
    }

    /**
     * Serializes a model without the elements of those weights for which {@code apart} holds: these keep type and shape
     * and get the location {@code apart}, for a reader that receives them in memory.
     */
    public static ByteBuffer bytes(Graph graph, Predicate<Weight> apart) {
        return bytes(new GraphWriter(weight -> apart.test(weight)
                        ? TensorCodec.header(weight)
                                .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                                .addExternalData(ExternalDataWriter.entry("location", "apart"))
                        : TensorCodec.write(weight))
                .model(graph));
    }

    private static ByteBuffer bytes(ModelProto model) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(model.getSerializedSize());
        try {
            CodedOutputStream out = CodedOutputStream.newInstance(bytes);
            model.writeTo(out);
            out.flush();
        } catch (IOException e) {
            throw new IllegalStateException("the buffer is too small for the serialized model", e);
        }
        return bytes.rewind();
    }

    /** The number of bytes of the file that {@link #write} makes of a model below 1.8 GB. */
    public static long fileBytes(Graph graph) {
        return fileBytes(graph, MAX_INLINE_BYTES);
    }

    static long fileBytes(Graph graph, long maxInlineBytes) {
        if (weightBytes(graph) <= maxInlineBytes) {
            return inline(graph).getSerializedSize();
        }
        ExternalDataWriter data = new ExternalDataWriter("data");
        return new GraphWriter(data).model(graph).getSerializedSize() + data.bytes();
    }

    /** The number of bytes of the weights of a graph, without subgraphs. */
    public static long weightBytes(Graph graph) {
        return graph.weights().values().stream()
                .mapToLong(weight -> weight.bytes().remaining())
                .sum();
    }

    private static ModelProto inline(Graph graph) {
        return new GraphWriter(TensorCodec::write).model(graph);
    }

    private static void write(ModelProto model, FileChannel channel) throws IOException {
        OutputStream out = Channels.newOutputStream(channel);
        CodedOutputStream coded = CodedOutputStream.newInstance(out, 1 << 20);
        model.writeTo(coded);
        coded.flush();
    }

    private static ByteBuffer map(Path path) {
        if (!Files.exists(path)) {
            throw new VitrailException("there is no file " + path);
        }
        if (Files.isDirectory(path)) {
            throw new VitrailException(path + " is a folder: give the .onnx file itself");
        }
        InputFile.requireRegular(path);
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            if (channel.size() == 0) {
                throw new VitrailException(path + " is empty");
            }
            if (channel.size() > Integer.MAX_VALUE) {
                throw new VitrailException(path + " is larger than 2 GB, the limit of an ONNX file:"
                        + " save the model with its weights as external data");
            }
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
        } catch (IOException e) {
            throw new VitrailException(path + " cannot be read: " + InputFile.reason(e), e);
        }
    }

    private static Graph parse(String name, ByteBuffer bytes, GraphReader reader) {
        DetachedElements.Parts parts;
        ModelProto model;
        try {
            parts = DetachedElements.of(bytes);
            CodedInputStream in =
                    UnsafeByteOperations.unsafeWrap(parts.message()).newCodedInput();
            in.enableAliasing(true);
            model = ModelProto.parseFrom(in);
            in.checkLastTagWas(0);
        } catch (InvalidProtocolBufferException e) {
            throw notAModel(name, bytes, String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw new VitrailException(name + " cannot be read: " + InputFile.reason(e), e);
        }
        if (model.hasGraph() && model.hasIrVersion()) {
            return reader.model(model, parts);
        }
        throw notAModel(name, bytes, "it has no graph", null);
    }

    private static VitrailException notAModel(String name, ByteBuffer bytes, String reason, Throwable cause) {
        String message = ForeignFileFormat.beginsLikeOnnx(bytes)
                ? name + " is cut short or damaged ("
                        + reason.strip().replaceAll("[.\\s]+$", "").replaceAll("\\s+", " ")
                        + "): copy or export it again"
                : name + " is not an ONNX file"
                        + ForeignFileFormat.describe(bytes)
                                .map(kind -> "; it is " + kind)
                                .orElse("");
        return new VitrailException(message, cause);
    }
}
