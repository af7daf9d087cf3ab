package org.vitrail.pipeline;

import java.util.Optional;
import org.vitrail.allocate.Allocation;
import org.vitrail.plan.Plan;

/**
 * A plan, and how its modules came by their bits.
 *
 * @param allocation empty where all have the same
 */
public record Planned(Plan plan, Optional<Allocation> allocation) {
    static Planned uniform(Plan plan) {
        return new Planned(plan, Optional.empty());
    }

    Planned withPlan(Plan newPlan) {
        return new Planned(newPlan, allocation);
    }
}
