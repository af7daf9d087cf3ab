package org.vitrail.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.DoubleSummaryStatistics;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Draws a Pareto frontier: average bits on the x axis, the sum of sensitivities on a logarithmic y axis, the choice
 * marked.
 */
final class FrontierChart {
    private static final int WIDTH = 800;
    private static final int HEIGHT = 500;

    /** Margin left of the first point and right of the last, in bits. */
    private static final double MARGIN = 0.15;

    private static final Color INK = new Color(0x33, 0x33, 0x33);
    private static final Color GRID = new Color(0xe4, 0xe4, 0xe4);
    private static final Color LINE = new Color(0x1f, 0x5a, 0xa6);
    private static final Color CHOICE = new Color(0xd1, 0x49, 0x1f);

    private static final Pattern CLIP = Pattern.compile("clip-?\\d+");
    private static final Pattern LONG_FRACTION = Pattern.compile("\\d+\\.\\d{3,}");

    private FrontierChart() {}

    static String svg(FrontierReport report) {
        try {
            return rounded(
                    withoutChance(new String(ChartEncoder.getBytes(chart(report), "svg"), StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new IllegalStateException("writing the chart in memory failed", e);
        }
    }

    static XYChart chart(FrontierReport report) {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title("Mixed precision: what bits buy")
                .xAxisTitle("average width of the modules' weights (bits)")
                .yAxisTitle("sum of " + report.sensitivity() + " sensitivities ("
                        + (hasZero(report.points()) ? "bottom: 0)" : "less is better)"))
                .build();
        style(chart.getStyler());
        scale(chart.getStyler(), report.points());
        double least = chart.getStyler().getYAxisMin();
        add(chart, "best choices, one for each size", report.points(), least)
                .setMarker(SeriesMarkers.NONE)
                .setLineColor(LINE)
                .setLineStyle(new BasicStroke(2));
        report.points().stream()
                .filter(FrontierReport.Point::chosen)
                .findFirst()
                .ifPresent(point -> add(chart, name(point), List.of(point), least)
                        .setMarker(SeriesMarkers.CIRCLE)
                        .setMarkerColor(CHOICE)
                        .setLineColor(CHOICE));
        return chart;
    }

    private static String name(FrontierReport.Point chosen) {
        return String.format(
                Locale.ROOT,
                "chosen: %.2f bits, nominally %s",
                chosen.averageBits(),
                Units.bytes(chosen.nominalBytes()));
    }

    private static void style(XYStyler style) {
        style.setYAxisLogarithmic(true)
                .setYAxisLogarithmicDecadeOnly(true)
                .setYAxisDecimalPattern("0E0")
                .setXAxisTickMarkSpacingHint(90)
                // Dashes would be written to the SVG one by one.
                .setPlotGridLinesStroke(new BasicStroke(1))
                .setPlotGridLinesColor(GRID)
                .setPlotGridHorizontalLinesVisible(false)
                .setAxisTickMarksColor(INK)
                .setAxisTickLabelsColor(INK)
                .setAxisTickLabelsFont(font(Font.PLAIN, 13))
                .setAxisTitleFont(font(Font.PLAIN, 14));
        style.setLocale(Locale.ROOT)
                .setChartBackgroundColor(Color.WHITE)
                .setPlotBackgroundColor(Color.WHITE)
                .setPlotBorderVisible(false)
                .setChartFontColor(INK)
                .setChartTitleFont(font(Font.BOLD, 16))
                .setChartTitleBoxVisible(false)
                .setLegendPosition(Styler.LegendPosition.InsideNE)
                .setLegendFont(font(Font.PLAIN, 13))
                .setLegendBorderColor(GRID)
                .setMarkerSize(10);
    }

    /**
     * Scales the y axis to whole powers of ten, at least two, so that the axis has labels, and one more below for zero,
     * which has no logarithm; the x axis gets a margin on both sides.
     */
    private static void scale(XYStyler style, List<FrontierReport.Point> points) {
        DoubleSummaryStatistics bits =
                points.stream().mapToDouble(FrontierReport.Point::averageBits).summaryStatistics();
        DoubleSummaryStatistics powers = points.stream()
                .mapToDouble(FrontierReport.Point::sensitivity)
                .filter(sensitivity -> sensitivity > 0)
                .map(Math::log10)
                .summaryStatistics();
        style.setXAxisMin(bits.getMin() - MARGIN).setXAxisMax(bits.getMax() + MARGIN);
        double lowest = powers.getCount() == 0 ? 0 : Math.floor(powers.getMin());
        double highest = powers.getCount() == 0 ? 0 : Math.ceil(powers.getMax());
        style.setYAxisMin(Math.pow(10, hasZero(points) ? lowest - 1 : lowest))
                .setYAxisMax(Math.pow(10, Math.max(lowest + 1, highest)));
    }

    private static boolean hasZero(List<FrontierReport.Point> points) {
        return points.stream().anyMatch(point -> point.sensitivity() == 0);
    }

    private static Font font(int weight, int size) {
        return new Font(Font.SANS_SERIF, weight, size);
    }

    /** Renames clipping paths, whose names are hash codes that differ from run to run, to numbers in their order. */
    private static String withoutChance(String svg) {
        Map<String, String> names = new HashMap<>();
        return CLIP.matcher(svg)
                .replaceAll(found -> names.computeIfAbsent(found.group(), name -> "clip-" + (names.size() + 1)));
    }

    /** Rounds coordinates to a hundredth of a pixel. */
    private static String rounded(String svg) {
        return LONG_FRACTION
                .matcher(svg)
                .replaceAll(number -> String.format(Locale.ROOT, "%.2f", Double.parseDouble(number.group())));
    }

    private static XYSeries add(XYChart chart, String name, List<FrontierReport.Point> points, double least) {
        return chart.addSeries(
                name,
                points.stream().mapToDouble(FrontierReport.Point::averageBits).toArray(),
                points.stream()
                        .mapToDouble(point -> Math.max(least, point.sensitivity()))
                        .toArray());
    }
}
