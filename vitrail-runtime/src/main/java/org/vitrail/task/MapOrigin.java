package org.vitrail.task;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.vitrail.graph.Dim;
import org.vitrail.graph.GraphIndex;
import org.vitrail.graph.Node;
import org.vitrail.shape.Shapes;

/** Tells maps (batch, height, width) from tokens (batch, tokens, channels). */
final class MapOrigin {
    /** Names of outputs that are maps. */
    static final Pattern MAPS =
            Pattern.compile("depth|dispar|alpha|matte|mask|salien|heat|edge|height|density|segment");

    private static final Pattern TOKENS = Pattern.compile("token|hidden|sequence|embed|feature|pool");

    /** Operators that keep a map a map, read through their first input that is no constant. */
    private static final Set<String> POINTWISE = Set.of(
            "Squeeze",
            "Reshape",
            "Flatten",
            "Identity",
            "Cast",
            "Clip",
            "Relu",
            "LeakyRelu",
            "Sigmoid",
            "HardSigmoid",
            "Softplus",
            "Tanh",
            "Exp",
            "Log",
            "Abs",
            "Neg",
            "Sqrt",
            "Pow",
            "Reciprocal",
            "Add",
            "Sub",
            "Mul",
            "Div",
            "Max",
            "Min",
            "Where",
            "Slice",
            "Gather",
            "Resize",
            "Upsample");

    private static final int MAX_DEPTH = 32;

    private final OutputEvidence evidence;

    MapOrigin(OutputEvidence evidence) {
        this.evidence = evidence;
    }

    /** Returns whether an output of three axes is a map, by its name, extents or single source channel. */
    boolean isMap(OutputFacts output) {
        if (output.named(TOKENS)) {
            return false;
        }
        boolean isOfInput = evidence.input()
                .filter(size -> output.is(1, size.height()) && output.is(2, size.width()))
                .isPresent();
        return output.named(MAPS) || isOfInput || hasSingleChannel(output.name());
    }

    private boolean hasSingleChannel(String output) {
        GraphIndex index = new GraphIndex(evidence.graph());
        if (index.producer(output).isEmpty()) {
            return false;
        }
        Shapes shapes = Shapes.infer(evidence.graph());
        String value = output;
        for (int i = 0; i < MAX_DEPTH; i++) {
            Optional<List<Dim>> shape = shapes.of(value);
            if (shape.filter(dims -> dims.size() == 4).isPresent()) {
                return shape.get().get(1).is(1);
            }
            Node node = index.producer(value).orElse(null);
            if (node == null || !POINTWISE.contains(node.op())) {
                return false;
            }
            value = node.inputs().stream()
                    .filter(input -> !input.isEmpty() && index.constant(input).isEmpty())
                    .findFirst()
                    .orElse("");
        }
        return false;
    }
}
