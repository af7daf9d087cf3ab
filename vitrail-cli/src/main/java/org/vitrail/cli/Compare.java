package org.vitrail.cli;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.vitrail.detection.CocoAnnotations;
import org.vitrail.engine.RunContext;
import org.vitrail.image.ImageSource;
import org.vitrail.quantize.Comparison;
import org.vitrail.report.ComparisonReport;
import org.vitrail.verify.LatencyMeasurement;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Implements {@code vitrail compare}: compares models. */
@Command(
        name = "compare",
        description = "Compares models: size, speed in interleaved rounds, memory, and with pictures also accuracy"
                + " and agreement with the first.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  vitrail compare deit.onnx deit-int8.onnx",
            "  vitrail compare deit.onnx deit-int8.onnx deit-w4.onnx --images validation"
        })
final class Compare implements Callable<Integer> {
    @Parameters(
            arity = "1..*",
            paramLabel = "MODEL",
            description = "ONNX files or other models; the first is the reference.")
    private List<ModelSource> models;

    @Mixin
    private ImageOptions pictures;

    @Option(
            names = "--rounds",
            defaultValue = "20",
            paramLabel = "N",
            description = "Number of rounds in which speed is measured (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--latency-threads",
            defaultValue = "1",
            paramLabel = "N",
            description = "Threads per picture where speed and memory are measured (default: ${DEFAULT-VALUE}).")
    private int latencyThreads;

    @Mixin
    private ThreadsOption threads;

    @Mixin
    private EngineOption engine;

    @Mixin
    private JsonOption json;

    @Mixin
    private ModelOptions options;

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() {
        json.requireWritable();
        RunContext context =
                RunContext.of(engine.provider()).withThreads(threads.count()).withProgress(common.progress());
        ThreadsOption.requirePositive("--rounds", rounds);
        ThreadsOption.requirePositive("--latency-threads", latencyThreads);
        List<Comparison.Entry> entries = models.stream()
                .map(model -> options.entry(model.locate(common)))
                .toList();
        Optional<CocoAnnotations> annotations = pictures.annotations();
        Optional<ImageSource> source =
                pictures.areGiven() ? Optional.of(pictures.choose(annotations)) : Optional.empty();
        source.ifPresent(images -> new PropertyList(common)
                .add("Images", pictures.describe(images))
                .print());
        ComparisonReport report = Comparison.run(
                entries,
                source,
                annotations,
                Comparison.Settings.defaults()
                        .withLatencyThreads(latencyThreads)
                        .withSpeed(LatencyMeasurement.Settings.defaults().withRounds(rounds)),
                context);
        json.write(report);
        common.say("");
        common.say(report.byModel());
        common.sayNotes(report);
        return ExitCode.DONE;
    }
}
