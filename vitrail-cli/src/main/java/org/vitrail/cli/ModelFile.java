package org.vitrail.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.vitrail.graph.Dim;
import org.vitrail.graph.Graph;
import org.vitrail.graph.ValueInfo;
import org.vitrail.tensor.VitrailException;

/** How an ONNX file is introduced to people. */
record ModelFile(String path, long bytes, int opset, List<Value> inputs, List<Value> outputs) {
    /** One input or output. */
    record Value(String name, String type, List<String> shape) {
        static Value of(ValueInfo info) {
            return new Value(
                    info.name(),
                    info.type()
                            .map(type -> type.name().toLowerCase(Locale.ROOT))
                            .orElse("?"),
                    info.shape().stream()
                            .flatMap(List::stream)
                            .map(Dim::toString)
                            .toList());
        }

        @Override
        public String toString() {
            return name + " (" + type + " " + String.join("×", shape) + ")";
        }
    }

    static ModelFile of(Path path, Graph graph) {
        return new ModelFile(
                path.toString(),
                size(path),
                graph.opset(),
                graph.inputs().stream().map(Value::of).toList(),
                graph.outputs().stream().map(Value::of).toList());
    }

    /** Bytes of the file and of the data file that vitrail and PyTorch write beside large models. */
    static long size(Path path) {
        try {
            Path data = path.resolveSibling(path.getFileName() + ".data");
            return Files.size(path) + (Files.exists(data) ? Files.size(data) : 0);
        } catch (IOException e) {
            throw new VitrailException(path + " cannot be read: " + e.getMessage(), e);
        }
    }

    static String list(List<Value> values) {
        return values.stream().map(Value::toString).collect(Collectors.joining(", "));
    }
}
