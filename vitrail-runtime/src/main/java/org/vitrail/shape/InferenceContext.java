package org.vitrail.shape;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.vitrail.graph.ConstantElements;
import org.vitrail.graph.DataType;
import org.vitrail.graph.Node;
import org.vitrail.graph.ScratchFile;
import org.vitrail.graph.Weight;

/**
 * A node with the inferred values of its inputs, as the rules of {@link Operator} read them. Accessors throw where the
 * value that a rule reads is not known; the node's outputs are then unknown too.
 *
 * @param budget bounds the constants that are evaluated
 */
record InferenceContext(Node node, Map<String, InferredValue> facts, EvaluationBudget budget) {
    boolean has(int input) {
        return node.hasInput(input);
    }

    InferredValue in(int input) {
        InferredValue fact = facts.get(node.input(input));
        if (fact == null) {
            throw new NoSuchElementException(node.label() + ": input " + input + " is not known");
        }
        return fact;
    }

    List<InferredValue> inputs() {
        return IntStream.range(0, node.inputs().size())
                .filter(this::has)
                .mapToObj(this::in)
                .toList();
    }

    /** A list that newer operator sets take as an input and older ones as an attribute. */
    Optional<long[]> ints(int input, String attribute) {
        return has(input) ? Optional.of(in(input).longs()) : ints(attribute);
    }

    Optional<long[]> ints(String attribute) {
        return node.intsAttribute(attribute)
                .map(values -> values.stream().mapToLong(Long::longValue).toArray());
    }

    /** The attribute {@code axis}, counted from the front. */
    int axis(long otherwise, int rank) {
        return axis0(node.intAttribute("axis", otherwise), rank);
    }

    static int axis0(long axis, int rank) {
        long front = axis < 0 ? axis + rank : axis;
        if (front < 0 || front > rank) {
            throw new IndexOutOfBoundsException("axis " + axis + " of rank " + rank);
        }
        return (int) front;
    }

    static int[] axes(long[] axes, int rank) {
        InferredValue.requireRank(axes.length);
        return Arrays.stream(axes).mapToInt(axis -> axis0(axis, rank)).toArray();
    }

    /** Returns an output whose elements are evaluated too where all inputs are constant. */
    InferredValue result(DataType type, int[] shape, Supplier<Weight> elements) {
        return isConstant(type, shape)
                ? InferredValue.of(ScratchFile.kept(elements.get()))
                : InferredValue.of(type, shape);
    }

    /** Returns the first input's elements under another shape. */
    InferredValue reshaped(int... shape) {
        InferredValue data = in(0);
        if (InferredValue.count(shape) != data.count()) {
            throw new IllegalArgumentException(
                    node.label() + ": " + Arrays.toString(data.shape()) + " to " + Arrays.toString(shape));
        }
        return data.constant()
                .map(weight -> InferredValue.of(weight.reshape(shape)))
                .orElseGet(() -> InferredValue.of(data.type(), shape));
    }

    /** Returns the first input's elements in the order of a view. */
    InferredValue moved(StridedView view) {
        InferredValue data = in(0);
        return result(data.type(), view.shape(), () -> view.copy(data.constant().orElseThrow()));
    }

    private boolean isConstant(DataType type, int[] shape) {
        for (InferredValue input : inputs()) {
            if (input.constant().isEmpty() || !ConstantElements.covers(input.type())) {
                return false;
            }
        }
        return ConstantElements.covers(type) && budget.take(InferredValue.count(shape));
    }
}
