package org.vitrail.graph;

import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongBinaryOperator;

/** Operators that work element by element on operands broadcast to one shape. */
final class ElementwiseRules {
    private ElementwiseRules() {}

    /** Shape and type of the first input. */
    static Fact same(Call call) {
        return Fact.of(call.in(0).type(), call.in(0).shape());
    }

    /** Broadcast shape, type of the first input. */
    static Fact broadcast(Call call) {
        return Fact.of(call.in(0).type(), shape(call.inputs()));
    }

    /** Broadcast shape, booleans. */
    static Fact predicate(Call call) {
        return Fact.of(DataType.BOOL, shape(call.inputs()));
    }

    /** NumPy's broadcasting of all inputs. */
    static int[] shape(List<Fact> operands) {
        return operands.stream().map(Fact::shape).reduce(new int[0], ElementwiseRules::shape);
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

    static Rule arithmetic(LongBinaryOperator onLongs, DoubleBinaryOperator onDoubles) {
        return Rule.one(call -> {
            DataType type = call.in(0).type();
            int[] shape = shape(call.inputs());
            return call.result(
                    type,
                    shape,
                    () -> call.inputs().stream()
                            .map(operand -> expanded(operand, shape))
                            .reduce((left, right) -> Numbers.isFloating(type)
                                    ? Numbers.of(
                                            type, shape, zip(Numbers.doubles(left), Numbers.doubles(right), onDoubles))
                                    : Numbers.of(type, shape, zip(left.toLongs(), right.toLongs(), onLongs)))
                            .orElseThrow());
        });
    }

    /** Two operands in, booleans out. The operators tell by 1 and 0. */
    static Rule comparison(LongBinaryOperator onLongs, DoubleBinaryOperator onDoubles) {
        return Rule.one(call -> {
            int[] shape = shape(call.inputs());
            return call.result(DataType.BOOL, shape, () -> {
                Weight left = expanded(call.in(0), shape);
                Weight right = expanded(call.in(1), shape);
                return Numbers.isFloating(left.type())
                        ? Numbers.cast(
                                Numbers.of(
                                        DataType.DOUBLE,
                                        shape,
                                        zip(Numbers.doubles(left), Numbers.doubles(right), onDoubles)),
                                DataType.BOOL)
                        : Numbers.of(DataType.BOOL, shape, zip(left.toLongs(), right.toLongs(), onLongs));
            });
        });
    }

    /** One operand in and out; the elements are worked out for floating point only. */
    static Rule function(DoubleUnaryOperator function) {
        return Rule.one(call -> {
            Fact in = call.in(0);
            return !Numbers.isFloating(in.type())
                    ? same(call)
                    : call.result(
                            in.type(),
                            in.shape(),
                            () -> Numbers.of(
                                    in.type(),
                                    in.shape(),
                                    Arrays.stream(Numbers.doubles(in.constant().orElseThrow()))
                                            .map(function)
                                            .toArray()));
        });
    }

    static Fact not(Call call) {
        Fact in = call.in(0);
        return call.result(
                DataType.BOOL,
                in.shape(),
                () -> Numbers.of(
                        DataType.BOOL,
                        in.shape(),
                        Arrays.stream(in.longs()).map(value -> 1 - value).toArray()));
    }

    static Fact cast(Call call) {
        DataType to = DataType.ofOnnx((int) call.node().intAttribute("to", 0));
        Fact in = call.in(0);
        return call.result(to, in.shape(), () -> Numbers.cast(in.constant().orElseThrow(), to));
    }

    /** ONNX's Mod: {@code fmod} keeps the dividend's sign, the default the divisor's. */
    static Rule modulo() {
        Rule truncated = arithmetic((left, right) -> left % right, (left, right) -> left % right);
        Rule floored = arithmetic(Math::floorMod, (left, right) -> left - right * Math.floor(left / right));
        return call -> (call.node().intAttribute("fmod", 0) == 1 ? truncated : floored).outputs(call);
    }

    static Fact where(Call call) {
        DataType type = call.in(1).type();
        int[] shape = shape(call.inputs());
        return call.result(type, shape, () -> {
            long[] condition = expanded(call.in(0), shape).toLongs();
            Weight then = expanded(call.in(1), shape);
            Weight otherwise = expanded(call.in(2), shape);
            if (Numbers.isFloating(type)) {
                double[] chosen = Numbers.doubles(then);
                double[] other = Numbers.doubles(otherwise);
                Arrays.setAll(chosen, i -> condition[i] != 0 ? chosen[i] : other[i]);
                return Numbers.of(type, shape, chosen);
            }
            long[] chosen = then.toLongs();
            long[] other = otherwise.toLongs();
            Arrays.setAll(chosen, i -> condition[i] != 0 ? chosen[i] : other[i]);
            return Numbers.of(type, shape, chosen);
        });
    }

    private static Weight expanded(Fact operand, int[] shape) {
        Weight weight = operand.constant().orElseThrow();
        return Arrays.equals(operand.shape(), shape)
                ? weight
                : View.of(operand.shape()).expand(shape).copy(weight);
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
