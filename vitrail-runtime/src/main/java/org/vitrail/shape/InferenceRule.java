package org.vitrail.shape;

import java.util.List;
import java.util.function.Function;

/**
 * Infers the outputs of an operator from its inputs. Where the inputs do not determine them, or do not fit together, a rule
 * throws one of
 *
 * <ul>
 *   <li>{@link java.util.NoSuchElementException}: an input, attribute or constant is not known,
 *   <li>{@link IllegalArgumentException}: operands do not fit together, or the operator is used in a way without a rule,
 *   <li>{@link IndexOutOfBoundsException}, {@link NegativeArraySizeException}: an axis, a rank or a list is out of bounds,
 *   <li>{@link ArithmeticException}: an extent overflows, or is divided by zero.
 * </ul>
 *
 * <p>Anything else that a rule throws is an error in the rule.
 */
@FunctionalInterface
interface InferenceRule {
    List<InferredValue> outputs(InferenceContext call);

    /** A rule that infers the first output only. */
    static InferenceRule one(Function<InferenceContext, InferredValue> rule) {
        return call -> List.of(rule.apply(call));
    }
}
