package org.vitrail.graph;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Operators that make values of attributes, extents or bounds. */
final class SourceRules {
    private SourceRules() {}

    static Fact constant(Call call) {
        return switch (call.node().attributes().values().stream().findFirst().orElseThrow()) {
            case Attribute.TensorValue(Weight value) -> Fact.of(value);
            case Attribute.IntValue(long value) -> Fact.of(Weight.ofLongs(new int[0], value));
            case Attribute.FloatValue(float value) -> Fact.of(Weight.scalar(value));
            case Attribute.Ints(List<Long> values) ->
                Fact.of(Weight.ofLongs(
                        new int[] {values.size()},
                        values.stream().mapToLong(Long::longValue).toArray()));
            case Attribute.Floats(List<Float> values) ->
                Fact.of(Numbers.of(
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
        return new IllegalArgumentException("no constant of numbers: " + value);
    }

    /** ONNX's Shape: extents from {@code start} to {@code end}, both clamped. */
    static Fact shape(Call call) {
        int[] shape = call.in(0).shape();
        int rank = shape.length;
        int start = clampedAxis(call.node().intAttribute("start", 0), rank);
        int end = Math.max(start, clampedAxis(call.node().intAttribute("end", rank), rank));
        return Fact.of(Weight.ofLongs(
                new int[] {end - start},
                Arrays.stream(shape, start, end).asLongStream().toArray()));
    }

    private static int clampedAxis(long axis, int rank) {
        return Math.clamp(axis < 0 ? axis + rank : axis, 0, rank);
    }

    static Fact size(Call call) {
        return Fact.of(Weight.ofLongs(new int[0], call.in(0).count()));
    }

    static Fact constantOfShape(Call call) {
        Weight value = call.node().attributes().get("value") instanceof Attribute.TensorValue(Weight given)
                ? given
                : Weight.scalar(0);
        int[] shape =
                Arrays.stream(call.in(0).longs()).mapToInt(Math::toIntExact).toArray();
        return call.result(value.type(), shape, () -> View.of().expand(shape).copy(value.reshape()));
    }

    static Fact range(Call call) {
        DataType type = call.in(0).type();
        double[] bounds = IntStream.range(0, 3)
                .mapToDouble(i -> Numbers.doubles(call.in(i).constant().orElseThrow())[0])
                .toArray();
        int count = (int) Math.max(0, Math.ceil((bounds[1] - bounds[0]) / bounds[2]));
        int[] shape = {count};
        return call.result(
                type,
                shape,
                () -> Numbers.isFloating(type)
                        ? Numbers.of(
                                type,
                                shape,
                                IntStream.range(0, count)
                                        .mapToDouble(i -> bounds[0] + i * bounds[2])
                                        .toArray())
                        : Numbers.of(
                                type,
                                shape,
                                IntStream.range(0, count)
                                        .mapToLong(i -> (long) (bounds[0] + i * bounds[2]))
                                        .toArray()));
    }
}
