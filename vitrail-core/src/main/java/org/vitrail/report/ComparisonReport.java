package org.vitrail.report;

import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Stream;
import org.vitrail.report.TextTable.Column;
import org.vitrail.verify.CpuInfo;
import org.vitrail.verify.Metrics;
import org.vitrail.verify.Spread;

/**
 * Models side by side; all are compared with the first.
 *
 * @param brokenImages one sentence for each image that could not be read
 * @param imagesPerSecond images that all models together went through, reading and preprocessing included; NaN where
 *     there were none
 * @param threads images that were worked on at once
 * @param latencyThreads threads that worked on one picture where latency and memory were measured
 */
public record ComparisonReport(
        List<ModelFigures> models,
        List<String> brokenImages,
        double imagesPerSecond,
        int threads,
        int latencyThreads,
        CpuInfo cpu) {
    public ComparisonReport {
        models = List.copyOf(models);
        brokenImages = List.copyOf(brokenImages);
    }

    /** A figure that is shown: what it is called, and what it says of a model ("" for nothing). */
    private record Figure(String name, Function<ModelFigures, String> text) {}

    private static final List<Figure> FIGURES = List.of(
            new Figure("top-1", model -> share(model, Metrics::top1Accuracy)),
            new Figure("top-5", model -> share(model, Metrics::top5Accuracy)),
            new Figure("agreement", model -> share(model, Metrics::agreement)),
            new Figure(
                    "mean KL",
                    model -> model.metrics().map(Metrics::meanKlNats).stream()
                            .flatMapToDouble(OptionalDouble::stream)
                            .mapToObj(Units::digits)
                            .findFirst()
                            .orElse("")),
            new Figure("file size", model -> Units.bytes(model.bytes())),
            new Figure("latency", model -> Units.millis(model.latency().p50Millis())),
            new Figure("speed", model -> Units.ratio(model.speedup().median())),
            new Figure(
                    "peak memory",
                    model -> model.peakBytes().stream()
                            .mapToObj(Units::bytes)
                            .findFirst()
                            .orElse("")));

    private static String share(ModelFigures model, Function<Metrics, OptionalDouble> of) {
        OptionalDouble share = model.metrics().map(of).orElse(OptionalDouble.empty());
        return share.isPresent() ? Units.percent(share.getAsDouble()) : "";
    }

    /** A line a model: for many of them. */
    public TextTable byModel() {
        List<Figure> shown = shown().toList();
        TextTable table = new TextTable(
                Stream.concat(Stream.of(Column.left("")), shown.stream().map(figure -> Column.right(figure.name)))
                        .toArray(Column[]::new));
        models.forEach(model ->
                table.row(Stream.concat(Stream.of(model.name()), shown.stream().map(figure -> figure.text.apply(model)))
                        .toArray(String[]::new)));
        return table;
    }

    /** A line a figure: for one model or two. */
    public TextTable byFigure() {
        TextTable table = new TextTable(Stream.concat(
                        Stream.of(Column.left("")), models.stream().map(model -> Column.right(model.name())))
                .toArray(Column[]::new));
        shown().forEach(figure ->
                table.row(Stream.concat(Stream.of(figure.name), models.stream().map(figure.text))
                        .toArray(String[]::new)));
        return table;
    }

    /** The figures that any model has; one model alone is not faster than itself. */
    private Stream<Figure> shown() {
        return FIGURES.stream()
                .filter(figure -> models.size() > 1 || !figure.name.equals("speed"))
                .filter(figure -> models.stream()
                        .anyMatch(model -> !figure.text.apply(model).isEmpty()));
    }

    /** What the table needs to be understood, a sentence or two each. */
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

    private static String spread(Spread ratio) {
        return Units.digits(ratio.median()) + " (quartiles " + Units.digits(ratio.lowerQuartile()) + " to "
                + Units.digits(ratio.upperQuartile()) + ")";
    }
}
