package org.vitrail.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.vitrail.allocate.Allocation;
import org.vitrail.allocate.Budget;
import org.vitrail.allocate.ParetoFrontier;
import org.vitrail.allocate.TransformerModule;
import org.vitrail.onnx.AtomicFile;

/**
 * The whole Pareto frontier of a mixed-precision choice: at each size the least sum of sensitivities that there is.
 *
 * @param sensitivity how sensitivities were measured
 * @param sizeUnit what sizes are: bits of weights, or bytes of weights as they are stored
 * @param modules names, in the order of every point's bits
 * @param points the smallest first
 */
public record FrontierReport(String sensitivity, String sizeUnit, List<String> modules, List<Point> points) {

    /**
     * One choice that no other beats.
     *
     * @param averageBits of the weights in the modules
     * @param nominalBytes the float32 model's weights × average bits / 32
     * @param sensitivity Σ Ω
     * @param chosen whether it is the one that the budget asked for
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

    /** The frontier from which an allocation was chosen; {@code floatBytes} are those of the model's weights in float32. */
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

    /** Writes {@code frontier.csv}, {@code .json} and {@code .svg} into a folder, each whole or not at all. */
    public void write(Path folder) {
        AtomicFile.writeText(folder.resolve("frontier.csv"), csv());
        JsonReport.write(this, folder.resolve("frontier.json"));
        AtomicFile.writeText(folder.resolve("frontier.svg"), FrontierChart.svg(this));
    }

    private String csv() {
        List<String> heading = new ArrayList<>(
                List.of(sizeUnit.replace(' ', '_'), "average_bits", "nominal_bytes", "sensitivity", "chosen"));
        heading.addAll(modules);
        List<List<Object>> rows = new ArrayList<>();
        for (Point point : points) {
            List<Object> row = new ArrayList<>(List.of(
                    point.size(), point.averageBits(), point.nominalBytes(), point.sensitivity(), point.chosen()));
            row.addAll(point.bits());
            rows.add(row);
        }
        return CsvReport.of(heading, rows);
    }
}
