package org.vitrail.pipeline;

import java.util.Optional;
import org.vitrail.allocate.Allocation;
import org.vitrail.plan.Plan;

/**
 * A plan and the allocation of bit widths that it follows.
 *
 * @param allocation empty where all have the same
 */
public record PlanningResult(Plan plan, Optional<Allocation> allocation) {
    static PlanningResult uniform(Plan plan) {
        return new PlanningResult(plan, Optional.empty());
    }

    PlanningResult withPlan(Plan newPlan) {
        return new PlanningResult(newPlan, allocation);
    }
}
