package org.vitrail.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.vitrail.graph.Dim;
import org.vitrail.graph.Graph;
import org.vitrail.graph.ValueInfo;
import org.vitrail.quantize.Comparison;

/** The description of an ONNX file: size, opset, inputs and outputs. */
record ModelFile(String path, long bytes, int opset, List<Value> inputs, List<Value> outputs) {
    /** An input or output of the model. */
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
                Comparison.bytes(path),
                graph.opset(),
                graph.inputs().stream().map(Value::of).toList(),
                graph.outputs().stream().map(Value::of).toList());
    }

    static String list(List<Value> values) {
        return values.stream().map(Value::toString).collect(Collectors.joining(", "));
    }
}
