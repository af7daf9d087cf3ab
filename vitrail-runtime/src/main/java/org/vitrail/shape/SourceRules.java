package org.vitrail.shape;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.vitrail.graph.Attribute;
import org.vitrail.graph.ConstantElements;
import org.vitrail.graph.DataType;
import org.vitrail.graph.Weight;

/** Infers the outputs of operators that make values from attributes, extents or bounds. */
final class SourceRules {
    private SourceRules() {}

    static InferredValue constant(InferenceContext call) {
        return switch (call.node().attributes().values().stream().findFirst().orElseThrow()) {
            case Attribute.TensorValue(Weight value) -> InferredValue.of(value);
            case Attribute.IntValue(long value) -> InferredValue.of(Weight.ofLongs(new int[0], value));
            case Attribute.FloatValue(float value) -> InferredValue.of(Weight.scalar(value));
            case Attribute.Ints(List<Long> values) ->
                InferredValue.of(Weight.ofLongs(
                        new int[] {values.size()},
                        values.stream().mapToLong(Long::longValue).toArray()));
            case Attribute.Floats(List<Float> values) ->
                InferredValue.of(ConstantElements.of(
                        DataType.FLOAT,
                        new int[] {values.size()},
                        values.stream().mapToDouble(Float::doubleValue).toArray()));
            case Attribute.StringValue text -> throw unknown(text);
            case Attribute.Strings texts -> throw unknown(texts);
            case Attribute.Subgraph graph -> throw unknown(graph);
            case Attribute.Raw raw -> throw unknown(raw);
        };
    }

    private static IllegalArgumentException unknown(Attribute value) {
        return new IllegalArgumentException("not a numeric constant: " + value);
    }

    /** Infers ONNX's Shape: extents from {@code start} to {@code end}, both clamped. */
    static InferredValue shape(InferenceContext call) {
        int[] shape = call.in(0).shape();
        int rank = shape.length;
        int start = clampedAxis(call.node().intAttribute("start", 0), rank);
        int end = Math.max(start, clampedAxis(call.node().intAttribute("end", rank), rank));
        return InferredValue.of(Weight.ofLongs(
                new int[] {end - start},
                Arrays.stream(shape, start, end).asLongStream().toArray()));
    }

    private static int clampedAxis(long axis, int rank) {
        return Math.clamp(axis < 0 ? axis + rank : axis, 0, rank);
    }

    static InferredValue size(InferenceContext call) {
        return InferredValue.of(Weight.ofLongs(new int[0], call.in(0).count()));
    }

    static InferredValue constantOfShape(InferenceContext call) {
        Weight value = call.node().attributes().get("value") instanceof Attribute.TensorValue(Weight given)
                ? given
                : Weight.scalar(0);
        int[] shape =
                Arrays.stream(call.in(0).longs()).mapToInt(Math::toIntExact).toArray();
        return call.result(
                value.type(), shape, () -> StridedView.of().expand(shape).copy(value.reshape()));
    }

    static InferredValue range(InferenceContext call) {
        DataType type = call.in(0).type();
        double[] bounds =
                IntStream.range(0, 3).mapToDouble(i -> call.in(i).doubles()[0]).toArray();
        int count = (int) Math.max(0, Math.ceil((bounds[1] - bounds[0]) / bounds[2]));
        int[] shape = {count};
        return call.result(
                type,
                shape,
                () -> type.isFloating()
                        ? ConstantElements.of(
                                type,
                                shape,
                                IntStream.range(0, count)
                                        .mapToDouble(i -> bounds[0] + i * bounds[2])
                                        .toArray())
                        : ConstantElements.of(
                                type,
                                shape,
                                IntStream.range(0, count)
                                        .mapToLong(i -> (long) (bounds[0] + i * bounds[2]))
                                        .toArray()));
    }
}
