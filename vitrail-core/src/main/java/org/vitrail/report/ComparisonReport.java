package org.vitrail.report;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Stream;
import org.vitrail.report.TextTable.Column;
import org.vitrail.verify.CpuInfo;
import org.vitrail.verify.FiveNumberSummary;

/**
 * The measurements of several models, each compared with the first.
 *
 * @param task of all the models
 * @param brokenImages one sentence for each image that could not be read
 * @param imagesPerSecond images per second through all models together, reading and preprocessing included; NaN where
 * there were none
 * @param threads images that were processed at once
 * @param latencyThreads threads per image where latency and memory were measured
 */
public record ComparisonReport(
        String task,
        List<ModelMeasurements> models,
        List<String> brokenImages,
        double imagesPerSecond,
        int threads,
        int latencyThreads,
        CpuInfo cpu) {
    public ComparisonReport {
        models = List.copyOf(models);
        brokenImages = List.copyOf(brokenImages);
    }

    /** A figure to show: its name and its text for one model ("" where there is no value). */
    private record Figure(String name, Function<ModelMeasurements, String> text) {}

    /** Returns the figures of the models' task and those that are measured of every model. */
    private List<Figure> figures(boolean withDetails) {
        List<Figure> figures = new ArrayList<>();
        models.stream()
                .flatMap(model -> model.metrics().stream())
                .findFirst()
                .ifPresent(any -> any.figures().stream()
                        .filter(figure -> withDetails || !figure.isDetail())
                        .forEach(figure ->
                                figures.add(new Figure(figure.name(), model -> ofTask(model, figure.name())))));
        figures.add(new Figure("output error", model -> percent(model.worstOutputError())));
        figures.add(new Figure("file size", model -> Units.bytes(model.bytes())));
        figures.add(new Figure("latency", model -> Units.millis(model.latency().p50Millis())));
        figures.add(new Figure("speed", model -> Units.ratio(model.speedup().median())));
        figures.add(new Figure(
                "peak memory",
                model -> model.peakBytes().stream()
                        .mapToObj(Units::bytes)
                        .findFirst()
                        .orElse("")));
        return figures;
    }

    private static String ofTask(ModelMeasurements model, String name) {
        return model.metrics().stream()
                .flatMap(metrics -> metrics.figures().stream())
                .filter(figure -> figure.name().equals(name))
                .map(Units::figure)
                .findFirst()
                .orElse("");
    }

    private static String percent(OptionalDouble share) {
        return share.isPresent() ? Units.percent(share.getAsDouble()) : "";
    }

    /** Returns a table with one row per model, for many models. */
    public TextTable byModel() {
        List<Figure> shown = shown(false).toList();
        TextTable table = new TextTable(
                Stream.concat(Stream.of(Column.left("")), shown.stream().map(figure -> Column.right(figure.name)))
                        .toArray(Column[]::new));
        models.forEach(model ->
                table.row(Stream.concat(Stream.of(model.name()), shown.stream().map(figure -> figure.text.apply(model)))
                        .toArray(String[]::new)));
        return table;
    }

    /** Returns a table with one row per figure, for one model or two. */
    public TextTable byFigure() {
        TextTable table = new TextTable(Stream.concat(
                        Stream.of(Column.left("")), models.stream().map(model -> Column.right(model.name())))
                .toArray(Column[]::new));
        shown(true)
                .forEach(figure -> table.row(
                        Stream.concat(Stream.of(figure.name), models.stream().map(figure.text))
                                .toArray(String[]::new)));
        return table;
    }

    /** Returns the figures that any model has, without the speedup where there is only one model. */
    private Stream<Figure> shown(boolean withDetails) {
        return figures(withDetails).stream()
                .filter(figure -> models.size() > 1 || !figure.name.equals("speed"))
                .filter(figure -> models.stream()
                        .anyMatch(model -> !figure.text.apply(model).isEmpty()));
    }

    /** Returns the notes that explain the table, one or two sentences each. */
    public List<String> notes() {
        String inTurn = models.size() > 1 ? ", measured in turn" : "";
        String latency = "Latency: median of one picture on " + Units.plural(latencyThreads, "thread") + inTurn + ".";
        Stream<String> spreads = models.stream()
                .skip(1)
                .map(model -> "Speed of " + model.name() + ": " + spread(model.speedup()) + " times the first.");
        Stream<String> rate = Double.isNaN(imagesPerSecond)
                ? Stream.empty()
                : Stream.of("Throughput: " + Units.digits(imagesPerSecond) + " images a second"
                        + (models.size() > 1 ? " through all models" : "") + ", " + Units.plural(threads, "thread")
                        + ", everything included.");
        return Stream.of(Stream.of(latency), spreads, rate, Stream.of("CPU: " + cpu.describe() + "."))
                .flatMap(notes -> notes)
                .toList();
    }

    private static String spread(FiveNumberSummary ratio) {
        return Units.digits(ratio.median()) + " (quartiles " + Units.digits(ratio.lowerQuartile()) + " to "
                + Units.digits(ratio.upperQuartile()) + ")";
    }
}
