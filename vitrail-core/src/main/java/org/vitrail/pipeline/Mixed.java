package org.vitrail.pipeline;

import org.vitrail.allocate.Allocation;
import org.vitrail.plan.Plan;

/** A plan whose modules have bits of their own, and how they came by them. */
public record Mixed(Plan plan, Allocation allocation) {}
