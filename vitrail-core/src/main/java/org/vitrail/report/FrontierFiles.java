package org.vitrail.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.vitrail.onnx.AtomicFile;

/** Writes a {@link FrontierReport} as a table, as JSON and as a chart. */
public final class FrontierFiles {
    private FrontierFiles() {}

    /** Writes {@code frontier.csv}, {@code .json} and {@code .svg} into a folder, each whole or not at all. */
    public static void write(FrontierReport report, Path folder) {
        AtomicFile.writeText(folder.resolve("frontier.csv"), csv(report));
        JsonReport.write(report, folder.resolve("frontier.json"));
        AtomicFile.writeText(folder.resolve("frontier.svg"), FrontierChart.svg(report));
    }

    private static String csv(FrontierReport report) {
        List<String> heading = new ArrayList<>(
                List.of(report.sizeUnit().replace(' ', '_'), "average_bits", "nominal_bytes", "sensitivity", "chosen"));
        heading.addAll(report.modules());
        List<List<Object>> rows = new ArrayList<>();
        for (FrontierReport.Point point : report.points()) {
            List<Object> row = new ArrayList<>(List.of(
                    point.size(), point.averageBits(), point.nominalBytes(), point.sensitivity(), point.chosen()));
            row.addAll(point.bits());
            rows.add(row);
        }
        return CsvReport.of(heading, rows);
    }
}
