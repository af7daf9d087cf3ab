package org.vitrail.shape;

import java.util.List;
import java.util.function.Function;

/** Infers an operator's outputs from its inputs; throws where the inputs do not determine them. */
@FunctionalInterface
interface InferenceRule {
    List<InferredValue> outputs(InferenceContext call);

    /** A rule that infers the first output only. */
    static InferenceRule one(Function<InferenceContext, InferredValue> rule) {
        return call -> List.of(rule.apply(call));
    }
}
