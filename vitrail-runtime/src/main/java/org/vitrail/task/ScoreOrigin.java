package org.vitrail.task;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.vitrail.graph.GraphIndex;
import org.vitrail.graph.Node;
import org.vitrail.graph.Weight;
import org.vitrail.task.ScoreForm.Activation;

/**
 * Finds the softmax or sigmoid that the scores of an output come from. Operators behind it that choose, move, clip or
 * average probabilities, or multiply them by constants, leave them probabilities.
 */
final class ScoreOrigin {
    /** Operators whose first input is the value that they pass on, moved, chosen or averaged. */
    private static final Set<String> PASSING = Set.of(
            "Identity",
            "Cast",
            "Clip",
            "Dropout",
            "Reshape",
            "Flatten",
            "Squeeze",
            "Unsqueeze",
            "Transpose",
            "Slice",
            "Split",
            "Gather",
            "GatherElements",
            "GatherND",
            "TopK",
            "Expand",
            "Tile",
            "Resize",
            "Upsample",
            "ReduceMean",
            "ReduceMax",
            "ReduceMin",
            "AveragePool",
            "GlobalAveragePool",
            "MaxPool",
            "GlobalMaxPool",
            "QuantizeLinear",
            "DequantizeLinear");

    /** Bound of nodes between an output and its softmax or sigmoid. */
    private static final int MAX_DEPTH = 64;

    private final GraphIndex graph;

    /** The form of each value that was visited, so that none is visited twice. */
    private final Map<String, Optional<ScoreForm>> found = new HashMap<>();

    ScoreOrigin(GraphIndex graph) {
        this.graph = graph;
    }

    /** The form of an output that a softmax or sigmoid made; empty for others. */
    Optional<ScoreForm> of(String output) {
        // A factor below one is a prior or a confidence; one above it changes the unit, as per cent do.
        return find(output, MAX_DEPTH).map(form -> form.unit() > 1 ? form : ScoreForm.applied(form.activation()));
    }

    private Optional<ScoreForm> find(String value, int depth) {
        Optional<ScoreForm> known = found.get(value);
        if (known == null) {
            known = visit(value, depth);
            found.put(value, known);
        }
        return known;
    }

    private Optional<ScoreForm> visit(String value, int depth) {
        Node node = graph.producer(value).orElse(null);
        if (node == null || depth == 0) {
            return Optional.empty();
        }
        if (PASSING.contains(node.op())) {
            return find(node.input(0), depth - 1);
        }
        return switch (node.op()) {
            case "Softmax" -> Optional.of(ScoreForm.applied(Activation.SOFTMAX));
            case "Sigmoid", "HardSigmoid" -> Optional.of(ScoreForm.applied(Activation.SIGMOID));
            case "Exp" ->
                passed(node.input(0))
                        .filter(behind -> behind.op().equals("LogSoftmax"))
                        .map(behind -> ScoreForm.applied(Activation.SOFTMAX));
            case "Mul" -> product(node, depth);
            case "Div" ->
                normalised(node).or(() -> scalar(node.input(1)).flatMap(by -> scaled(node.input(0), 1 / by, depth)));
            case "Reciprocal" ->
                isOnePlusExp(node.input(0)) ? Optional.of(ScoreForm.applied(Activation.SIGMOID)) : Optional.empty();
            case "Sub" ->
                scalar(node.input(0))
                        .filter(one -> one == 1)
                        .flatMap(one -> find(node.input(1), depth - 1))
                        .map(form -> ScoreForm.applied(Activation.SIGMOID));
            case "Concat", "Max", "Min", "Mean", "Add", "Sum", "Where" -> joined(node, depth);
            default -> Optional.empty();
        };
    }

    /** Probabilities times a constant, or times other probabilities, which add up to one no more. */
    private Optional<ScoreForm> product(Node node, int depth) {
        for (int side = 0; side < 2; side++) {
            String other = node.input(1 - side);
            if (graph.constant(node.input(side)).isPresent()) {
                double factor = scalar(node.input(side)).orElse(1f);
                return scaled(other, factor, depth);
            }
        }
        return find(node.input(0), depth - 1)
                .filter(left -> find(node.input(1), depth - 1).isPresent())
                .map(left -> ScoreForm.applied(Activation.SIGMOID));
    }

    private Optional<ScoreForm> scaled(String value, double factor, int depth) {
        return factor > 0
                ? find(value, depth - 1)
                        .map(form -> new ScoreForm(form.activation(), true, (float) (form.unit() * factor)))
                : Optional.empty();
    }

    /** {@code exp(x) / sum(exp(x))} or {@code 1 / (1 + exp(-x))}, as written out by some exporters. */
    private Optional<ScoreForm> normalised(Node node) {
        boolean isSoftmax = passed(node.input(1))
                .filter(sum -> sum.op().equals("ReduceSum") && sum.input(0).equals(node.input(0)))
                .flatMap(sum -> passed(sum.input(0)))
                .filter(exponential -> exponential.op().equals("Exp"))
                .isPresent();
        if (isSoftmax) {
            return Optional.of(ScoreForm.applied(Activation.SOFTMAX));
        }
        boolean isSigmoid = scalar(node.input(0)).filter(one -> one == 1).isPresent() && isOnePlusExp(node.input(1));
        return isSigmoid ? Optional.of(ScoreForm.applied(Activation.SIGMOID)) : Optional.empty();
    }

    private boolean isOnePlusExp(String value) {
        return graph.producer(value)
                .filter(sum -> sum.op().equals("Add"))
                .filter(sum -> sum.inputs().stream()
                        .anyMatch(input -> scalar(input).filter(one -> one == 1).isPresent()))
                .filter(sum -> sum.inputs().stream()
                        .anyMatch(input -> passed(input)
                                .filter(node -> node.op().equals("Exp"))
                                .isPresent()))
                .isPresent();
    }

    /** The node that makes a value, before operators that only move it. */
    private Optional<Node> passed(String value) {
        Optional<Node> node = graph.producer(value);
        for (int i = 0;
                i < MAX_DEPTH && node.filter(one -> PASSING.contains(one.op())).isPresent();
                i++) {
            node = graph.producer(node.get().input(0));
        }
        return node;
    }

    /** Several values joined, all of them probabilities; added ones have the sum of their units. */
    private Optional<ScoreForm> joined(Node node, int depth) {
        List<String> parts = node.op().equals("Where")
                ? node.inputs().stream()
                        .skip(1)
                        .filter(input -> graph.constant(input).isEmpty())
                        .toList()
                : node.inputs();
        List<ScoreForm> forms =
                parts.stream().map(input -> find(input, depth - 1).orElse(null)).toList();
        if (forms.isEmpty() || forms.stream().anyMatch(Objects::isNull)) {
            return Optional.empty();
        }
        boolean isSum = Set.of("Add", "Sum").contains(node.op());
        double unit = isSum
                ? forms.stream().mapToDouble(ScoreForm::unit).sum()
                : forms.getFirst().unit();
        boolean isSoftmax = forms.stream().allMatch(form -> form.activation() == Activation.SOFTMAX)
                && Stream.of("Concat", "Max", "Min").noneMatch(node.op()::equals);
        return Optional.of(new ScoreForm(isSoftmax ? Activation.SOFTMAX : Activation.SIGMOID, true, (float) unit));
    }

    private Optional<Float> scalar(String value) {
        return graph.constant(value)
                .filter(Weight::isFloating)
                .map(Weight::toFloats)
                .filter(values -> values.length == 1)
                .map(values -> values[0]);
    }
}
