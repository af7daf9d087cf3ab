package org.vitrail.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws a frontier: average bits across, the sum of sensitivities up on a logarithmic scale, the choice marked. */
final class FrontierChart {
    private static final int WIDTH = 800;
    private static final int HEIGHT = 500;

    /** Sensitivities of zero have no logarithm. */
    private static final double LEAST = 1e-30;

    private static final Pattern CLIP = Pattern.compile("clip-?\\d+");

    private FrontierChart() {}

    static String svg(FrontierReport report) {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title("Mixed precision: what bits buy")
                .xAxisTitle("bits of the mean weight")
                .yAxisTitle("sum of sensitivities (" + report.sensitivity() + ")")
                .build();
        chart.getStyler().setYAxisLogarithmic(true);
        chart.getStyler().setLegendPosition(Styler.LegendPosition.InsideNE);
        add(chart, "frontier", report.points()).setMarker(SeriesMarkers.NONE);
        List<FrontierReport.Point> chosen =
                report.points().stream().filter(FrontierReport.Point::chosen).toList();
        if (!chosen.isEmpty()) {
            add(chart, "chosen", chosen).setMarker(SeriesMarkers.CIRCLE);
        }
        try {
            return withoutChance(new String(ChartEncoder.getBytes(chart, "svg"), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException("a picture in memory cannot be written", e);
        }
    }

    /** Clipping paths are named by hash codes, which differ from run to run: numbers them as they come. */
    private static String withoutChance(String svg) {
        Map<String, String> names = new HashMap<>();
        return CLIP.matcher(svg)
                .replaceAll(found -> names.computeIfAbsent(found.group(), name -> "clip-" + (names.size() + 1)));
    }

    private static XYSeries add(XYChart chart, String name, List<FrontierReport.Point> points) {
        return chart.addSeries(
                name,
                points.stream().mapToDouble(FrontierReport.Point::averageBits).toArray(),
                points.stream()
                        .mapToDouble(point -> Math.max(LEAST, point.sensitivity()))
                        .toArray());
    }
}
