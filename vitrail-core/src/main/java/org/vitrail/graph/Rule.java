package org.vitrail.graph;

import java.util.List;
import java.util.function.Function;

/** What an operator's outputs are, given its inputs; throws where the inputs do not tell. */
@FunctionalInterface
interface Rule {
    List<Fact> outputs(Call call);

    /** A rule that tells of the first output only. */
    static Rule one(Function<Call, Fact> rule) {
        return call -> List.of(rule.apply(call));
    }
}
