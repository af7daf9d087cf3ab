package org.vitrail.report;

import java.util.ArrayList;
import java.util.List;
import org.vitrail.allocate.Allocation;
import org.vitrail.allocate.Budget;
import org.vitrail.allocate.ParetoFrontier;
import org.vitrail.allocate.TransformerModule;

/**
 * The Pareto frontier of a mixed-precision choice: the smallest sum of sensitivities at each size.
 *
 * @param sensitivity how sensitivities were measured
 * @param sizeUnit the unit of sizes: bits of weights, or bytes of weights as stored
 * @param modules names of the modules, in the order of every point's bits
 * @param points the choices on the frontier, the smallest first
 */
public record FrontierReport(String sensitivity, String sizeUnit, List<String> modules, List<Point> points) {

    /**
     * One Pareto-optimal choice of bits.
     *
     * @param averageBits average bits of the weights in the modules
     * @param nominalBytes the float32 model's weights × average bits / 32
     * @param sensitivity Σ Ω
     * @param chosen whether it is the choice that the budget selected
     * @param bits of each module
     */
    public record Point(
            long size, double averageBits, long nominalBytes, double sensitivity, boolean chosen, List<Integer> bits) {
        public Point {
            bits = List.copyOf(bits);
        }
    }

    public FrontierReport {
        modules = List.copyOf(modules);
        points = List.copyOf(points);
    }

    /** Returns the frontier of an allocation; {@code floatBytes} is the size of the model's weights in float32. */
    public static FrontierReport of(Allocation allocation, long floatBytes) {
        List<Point> points = new ArrayList<>();
        for (ParetoFrontier.Point point : allocation.frontier().points()) {
            double average = allocation.averageBits(point.choice());
            points.add(new Point(
                    point.size(),
                    average,
                    AllocationReport.nominalBytes(floatBytes, average),
                    point.sensitivity(),
                    point.choice().equals(allocation.chosen()),
                    point.choice().stream()
                            .map(index -> allocation
                                    .settings()
                                    .candidates()
                                    .get(index)
                                    .bits())
                            .toList()));
        }
        return new FrontierReport(
                allocation.settings().measure().label(),
                switch (allocation.settings().budget()) {
                    case Budget.AverageBits average -> "weight bits";
                    case Budget.FileSize file -> "bytes";
                    case Budget.Agreement agreement -> "weight bits";
                },
                allocation.modules().stream().map(TransformerModule::name).toList(),
                points);
    }
}
