package org.vitrail.task;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.vitrail.graph.DataType;
import org.vitrail.graph.Dim;
import org.vitrail.shape.Shapes;
import org.vitrail.tensor.Tensor;

/**
 * What is known of an output.
 *
 * @param type empty where the file does not declare it
 * @param shape as it is declared, inferred or seen in a run; empty where not even the rank is known
 */
record OutputFacts(String name, Optional<DataType> type, Optional<List<Dim>> shape) {
    /** Returns the facts of all outputs in their order. Shapes are inferred, then run for, only where they are open. */
    static List<OutputFacts> of(OutputEvidence evidence) {
        List<OutputFacts> declared = evidence.graph().outputs().stream()
                .map(info -> new OutputFacts(info.name(), info.type(), info.shape()))
                .toList();
        if (declared.stream().noneMatch(OutputFacts::isOpen)
                || evidence.graph().nodes().isEmpty()) {
            return declared;
        }
        Shapes shapes = Shapes.infer(evidence.graph());
        List<OutputFacts> inferred = declared.stream()
                .map(output -> output.isOpen() ? output.with(shapes.of(output.name)) : output)
                .toList();
        if (inferred.stream().noneMatch(OutputFacts::isOpen)) {
            return inferred;
        }
        Map<String, Tensor> run = evidence.run().get();
        return inferred.stream()
                .map(output -> output.isOpen()
                        ? output.with(Optional.ofNullable(run.get(output.name)).map(OutputFacts::seen))
                        : output)
                .toList();
    }

    private static List<Dim> seen(Tensor tensor) {
        List<Dim> shape = new ArrayList<>();
        for (int axis = 0; axis < tensor.rank(); axis++) {
            shape.add(Dim.of(tensor.extent(axis)));
        }
        return shape;
    }

    private OutputFacts with(Optional<List<Dim>> found) {
        return new OutputFacts(name, type, found.or(() -> shape));
    }

    /** Returns whether an extent other than the batch's is not known. */
    private boolean isOpen() {
        return shape.isEmpty() || shape.get().stream().skip(1).anyMatch(dim -> dim instanceof Dim.Symbol);
    }

    int rank() {
        return shape.map(List::size).orElse(-1);
    }

    /** An extent; empty where it is not known. Negative axes count from the last. */
    Optional<Long> extent(int axis) {
        int at = axis < 0 ? rank() + axis : axis;
        return shape.filter(dims -> at >= 0 && at < dims.size())
                .map(dims -> dims.get(at))
                .flatMap(dim -> dim instanceof Dim.Known(long extent) ? Optional.of(extent) : Optional.empty());
    }

    boolean is(int axis, long wanted) {
        return extent(axis).filter(extent -> extent == wanted).isPresent();
    }

    /** Returns whether the output holds whole numbers. */
    boolean isWhole() {
        return type.filter(known -> !known.isFloating()).isPresent();
    }

    boolean named(Pattern pattern) {
        return pattern.matcher(name.toLowerCase(Locale.ROOT)).find();
    }

    /** {@code logits (batch, 1000)}. */
    String describe() {
        return name
                + shape.map(dims -> dims.stream().map(Dim::toString).collect(Collectors.joining(", ", " (", ")")))
                        .orElse("");
    }
}
