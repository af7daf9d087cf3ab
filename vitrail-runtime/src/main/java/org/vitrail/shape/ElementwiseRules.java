package org.vitrail.shape;

import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongBinaryOperator;
import org.vitrail.graph.ConstantElements;
import org.vitrail.graph.DataType;
import org.vitrail.graph.Weight;

/** Infers the outputs of operators that work element by element on operands broadcast to one shape. */
final class ElementwiseRules {
    private ElementwiseRules() {}

    /** Gives the output the shape and type of the first input. */
    static InferredValue same(InferenceContext call) {
        return InferredValue.of(call.in(0).type(), call.in(0).shape());
    }

    /** Gives the output the broadcast shape and the type of the first input. */
    static InferredValue broadcast(InferenceContext call) {
        return InferredValue.of(call.in(0).type(), shape(call.inputs()));
    }

    /** Gives the output the broadcast shape and the type BOOL. */
    static InferredValue predicate(InferenceContext call) {
        return InferredValue.of(DataType.BOOL, shape(call.inputs()));
    }

    /** Returns the shape of all inputs under NumPy's broadcasting. */
    static int[] shape(List<InferredValue> operands) {
        return operands.stream().map(InferredValue::shape).reduce(new int[0], ElementwiseRules::shape);
    }

    static int[] shape(int[] left, int[] right) {
        int[] shape = (left.length >= right.length ? left : right).clone();
        int[] shorter = left.length >= right.length ? right : left;
        for (int i = 1; i <= shorter.length; i++) {
            int extent = shorter[shorter.length - i];
            int axis = shape.length - i;
            if (shape[axis] == 1) {
                shape[axis] = extent;
            } else if (extent != 1 && extent != shape[axis]) {
                throw new IllegalArgumentException(
                        "cannot broadcast " + Arrays.toString(left) + " with " + Arrays.toString(right));
            }
        }
        return shape;
    }

    static InferenceRule arithmetic(LongBinaryOperator onLongs, DoubleBinaryOperator onDoubles) {
        return InferenceRule.one(call -> {
            DataType type = call.in(0).type();
            int[] shape = shape(call.inputs());
            return call.result(
                    type,
                    shape,
                    () -> call.inputs().stream()
                            .map(operand -> expanded(operand, shape))
                            .reduce((left, right) -> type.isFloating()
                                    ? ConstantElements.of(
                                            type,
                                            shape,
                                            zip(
                                                    ConstantElements.doubles(left),
                                                    ConstantElements.doubles(right),
                                                    onDoubles))
                                    : ConstantElements.of(
                                            type,
                                            shape,
                                            zip(InferredValue.longs(left), InferredValue.longs(right), onLongs)))
                            .orElseThrow());
        });
    }

    /** A rule for two operands and a boolean result; the operators return 1 for true and 0 for false. */
    static InferenceRule comparison(LongBinaryOperator onLongs, DoubleBinaryOperator onDoubles) {
        return InferenceRule.one(call -> {
            int[] shape = shape(call.inputs());
            return call.result(DataType.BOOL, shape, () -> {
                Weight left = expanded(call.in(0), shape);
                Weight right = expanded(call.in(1), shape);
                return left.type().isFloating()
                        ? ConstantElements.cast(
                                ConstantElements.of(
                                        DataType.DOUBLE,
                                        shape,
                                        zip(
                                                ConstantElements.doubles(left),
                                                ConstantElements.doubles(right),
                                                onDoubles)),
                                DataType.BOOL)
                        : ConstantElements.of(
                                DataType.BOOL,
                                shape,
                                zip(InferredValue.longs(left), InferredValue.longs(right), onLongs));
            });
        });
    }

    /** A rule for one operand; elements are computed for floating-point types only. */
    static InferenceRule function(DoubleUnaryOperator function) {
        return InferenceRule.one(call -> {
            InferredValue in = call.in(0);
            return !in.type().isFloating()
                    ? same(call)
                    : call.result(
                            in.type(),
                            in.shape(),
                            () -> ConstantElements.of(
                                    in.type(),
                                    in.shape(),
                                    Arrays.stream(ConstantElements.doubles(
                                                    in.constant().orElseThrow()))
                                            .map(function)
                                            .toArray()));
        });
    }

    static InferredValue not(InferenceContext call) {
        InferredValue in = call.in(0);
        return call.result(
                DataType.BOOL,
                in.shape(),
                () -> ConstantElements.of(
                        DataType.BOOL,
                        in.shape(),
                        Arrays.stream(in.longs()).map(value -> 1 - value).toArray()));
    }

    static InferredValue cast(InferenceContext call) {
        DataType to = DataType.ofOnnx((int) call.node().intAttribute("to", 0));
        InferredValue in = call.in(0);
        return call.result(
                to, in.shape(), () -> ConstantElements.cast(in.constant().orElseThrow(), to));
    }

    /** A rule for ONNX's Mod: {@code fmod} keeps the dividend's sign, the default the divisor's. */
    static InferenceRule modulo() {
        InferenceRule truncated = arithmetic((left, right) -> left % right, (left, right) -> left % right);
        InferenceRule floored = arithmetic(Math::floorMod, (left, right) -> left - right * Math.floor(left / right));
        return call -> (call.node().intAttribute("fmod", 0) == 1 ? truncated : floored).outputs(call);
    }

    static InferredValue where(InferenceContext call) {
        DataType type = call.in(1).type();
        int[] shape = shape(call.inputs());
        return call.result(type, shape, () -> {
            long[] condition = InferredValue.longs(expanded(call.in(0), shape));
            Weight then = expanded(call.in(1), shape);
            Weight otherwise = expanded(call.in(2), shape);
            if (type.isFloating()) {
                double[] chosen = ConstantElements.doubles(then);
                double[] other = ConstantElements.doubles(otherwise);
                Arrays.setAll(chosen, i -> condition[i] != 0 ? chosen[i] : other[i]);
                return ConstantElements.of(type, shape, chosen);
            }
            long[] chosen = InferredValue.longs(then);
            long[] other = InferredValue.longs(otherwise);
            Arrays.setAll(chosen, i -> condition[i] != 0 ? chosen[i] : other[i]);
            return ConstantElements.of(type, shape, chosen);
        });
    }

    private static Weight expanded(InferredValue operand, int[] shape) {
        Weight weight = operand.constant().orElseThrow();
        return Arrays.equals(operand.shape(), shape)
                ? weight
                : StridedView.of(operand.shape()).expand(shape).copy(weight);
    }

    private static long[] zip(long[] left, long[] right, LongBinaryOperator operator) {
        Arrays.setAll(left, i -> operator.applyAsLong(left[i], right[i]));
        return left;
    }

    private static double[] zip(double[] left, double[] right, DoubleBinaryOperator operator) {
        Arrays.setAll(left, i -> operator.applyAsDouble(left[i], right[i]));
        return left;
    }
}
