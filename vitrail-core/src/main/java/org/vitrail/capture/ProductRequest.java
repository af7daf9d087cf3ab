package org.vitrail.capture;

import java.util.Optional;
import java.util.stream.Stream;

/**
 * A product of two activations to observe.
 *
 * @param left its left operand, a value of the graph
 * @param right its right operand
 * @param softmaxInput the name of its result where it enters softmax
 * @param queriesOnRight whether queries are the columns of the right operand, so that both operands are transposed
 */
public record ProductRequest(String left, String right, Optional<String> softmaxInput, boolean queriesOnRight) {
    Stream<String> values() {
        return Stream.concat(Stream.of(left, right), softmaxInput.stream());
    }
}
