package org.vitrail.cli;

import com.github.luben.zstd.Zstd;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import onnx.OnnxMl.ModelProto;
import onnx.OnnxMl.TensorProto;
import org.vitrail.graph.DataType;
import org.vitrail.graph.Dim;
import org.vitrail.graph.Graph;
import org.vitrail.graph.Node;
import org.vitrail.graph.ValueInfo;
import org.vitrail.graph.Weight;
import org.vitrail.onnx.OnnxFile;
import org.vitrail.testing.Graphs;

/** Files that no command can use, one per row, made from a good model. */
enum BadModels {
    NO_SUCH_FILE("there is no file") {
        @Override
        void make(Path good, Path bad) {}
    },
    EMPTY("is empty") {
        @Override
        void make(Path good, Path bad) throws IOException {
            Files.createFile(bad);
        }
    },
    NOT_ONNX("is not an ONNX file") {
        @Override
        void make(Path good, Path bad) throws IOException {
            Files.writeString(bad, "This is a letter, not a model.");
        }
    },
    TRUNCATED("is cut short or damaged") {
        @Override
        void make(Path good, Path bad) throws IOException {
            byte[] bytes = Files.readAllBytes(good);
            Files.write(bad, Arrays.copyOf(bytes, bytes.length / 2));
        }
    },
    ARCHIVE_CUT_SHORT("is cut short or damaged") {
        @Override
        void make(Path good, Path bad) throws IOException {
            byte[] bytes = Files.readAllBytes(archive(good, bad));
            Files.write(bad, Arrays.copyOf(bytes, bytes.length / 2));
        }
    },
    ARCHIVE_DAMAGED("is cut short or damaged") {
        @Override
        void make(Path good, Path bad) throws IOException {
            byte[] bytes = Files.readAllBytes(archive(good, bad));
            bytes[bytes.length / 2] ^= 1;
            Files.write(bad, bytes);
        }
    },
    DECOMPRESSION_BOMB("times its size") {
        @Override
        void make(Path good, Path bad) throws IOException {
            Files.write(bad, Zstd.compress(new byte[100 << 20]));
        }
    },
    ARCHIVE_OF_SOMETHING_ELSE("unpacked, is not an ONNX file") {
        @Override
        void make(Path good, Path bad) throws IOException {
            Files.write(bad, Zstd.compress("This is a letter, not a model.".getBytes(StandardCharsets.UTF_8)));
        }
    },
    OLD_OPSET("opset") {
        @Override
        void make(Path good, Path bad) {
            OnnxFile.write(OnnxFile.read(good).withOpsets(Map.of("", 10)), bad);
        }
    },
    FUTURE_OPSET("opset") {
        @Override
        void make(Path good, Path bad) {
            OnnxFile.write(OnnxFile.read(good).withOpsets(Map.of("", 99)), bad);
        }
    },
    NO_TRANSFORMER("has no transformer block") {
        @Override
        void make(Path good, Path bad) {
            ValueInfo picture = ValueInfo.of("x", DataType.FLOAT, List.of(Dim.of(1), Dim.of(3), Dim.of(4), Dim.of(2)));
            Weight matrix = Weight.ofFloats(new int[] {2, 2}, 1, 2, 3, 4);
            Node product = Node.of("MatMul", List.of("x", "w"), "y");
            OnnxFile.write(Graphs.of(17, picture, Map.of("w", matrix), product), bad);
        }
    },
    EXTERNAL_DATA_OUTSIDE("folder") {
        @Override
        void make(Path good, Path bad) throws IOException {
            ModelProto.Builder model = ModelProto.parseFrom(Files.readAllBytes(good)).toBuilder();
            TensorProto.Builder weight = model.getGraphBuilder().getInitializerBuilder(0);
            weight.clearRawData().setDataLocation(TensorProto.DataLocation.EXTERNAL);
            weight.addExternalDataBuilder().setKey("location").setValue("../../etc/passwd");
            Files.write(bad, model.build().toByteArray());
        }
    },
    NAN_WEIGHTS("NaN") {
        @Override
        void make(Path good, Path bad) {
            Graph graph = OnnxFile.read(good);
            Map<String, Weight> weights = new LinkedHashMap<>(graph.weights());
            weights.replaceAll((name, weight) -> weight.isFloating() && weight.rank() == 2 ? broken(weight) : weight);
            OnnxFile.write(graph.withWeights(weights), bad);
        }

        private Weight broken(Weight weight) {
            float[] values = weight.toFloats();
            values[values.length / 2] = Float.NaN;
            return Weight.ofFloats(weight.shape(), values);
        }
    };

    private final String complaint;

    BadModels(String complaint) {
        this.complaint = complaint;
    }

    abstract void make(Path good, Path bad) throws IOException;

    private static Path archive(Path good, Path bad) {
        Path archive = OnnxFile.compressedName(bad);
        OnnxFile.write(OnnxFile.read(good), archive);
        return archive;
    }

    /** Writes the file into a folder, made from a good model. */
    Path in(Path folder, Path good) {
        Path bad = folder.resolve("model.onnx");
        try {
            make(good, bad);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bad;
    }

    /** Returns the words that the message about it contains. */
    String complaint() {
        return complaint;
    }
}
