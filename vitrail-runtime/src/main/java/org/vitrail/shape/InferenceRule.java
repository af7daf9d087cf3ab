package org.vitrail.shape;

import java.util.List;
import java.util.function.Function;

/** What an operator's outputs are, given its inputs; throws where the inputs do not tell. */
@FunctionalInterface
interface InferenceRule {
    List<InferredValue> outputs(InferenceContext call);

    /** A rule that tells of the first output only. */
    static InferenceRule one(Function<InferenceContext, InferredValue> rule) {
        return call -> List.of(rule.apply(call));
    }
}
