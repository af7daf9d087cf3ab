package org.vitrail.cli;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.vitrail.detection.CocoAnnotations;
import org.vitrail.engine.RunContext;
import org.vitrail.image.ImageSource;
import org.vitrail.quantize.Comparison;
import org.vitrail.report.ComparisonReport;
import org.vitrail.tensor.VitrailException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Implements {@code vitrail evaluate}: measures a model's accuracy, agreement with another model, speed and memory. */
@Command(
        name = "evaluate",
        description =
                "Measures a model on pictures by the figures of its task: accuracy of classes, average precision of"
                        + " boxes, agreement with the float model; speed and memory.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  vitrail evaluate deit.onnx --images validation",
            "  vitrail evaluate deit-int8.onnx --images validation --reference deit.onnx",
            "  vitrail evaluate detr-int8.onnx --images val2017 \\",
            "      --annotations instances_val2017.json",
            "",
            "Labels come from labels.csv (file,label) in the folder, or from its sub-folders,",
            "one a class; without any, agreement with the reference is what can be measured."
        })
final class Evaluate implements Callable<Integer> {
    @Parameters(paramLabel = "MODEL", description = ModelSource.DESCRIPTION)
    private ModelSource model;

    @Mixin
    private ImageOptions pictures;

    @Option(
            names = "--reference",
            paramLabel = "MODEL",
            description = "The model to compare with, usually the float one.")
    private ModelSource reference;

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
        if (!pictures.areGiven()) {
            throw new VitrailException("evaluate needs pictures: give a folder of them with --images");
        }
        List<ModelSource.Located> models = Stream.concat(Stream.ofNullable(reference), Stream.of(model))
                .map(source -> source.locate(common))
                .toList();
        List<Comparison.Entry> entries = models.stream().map(options::entry).toList();
        Optional<CocoAnnotations> annotations = pictures.annotations();
        ImageSource source = pictures.choose(annotations);
        ModelOptions.describe(
                        new PropertyList(common),
                        models.getLast().label(),
                        entries.getLast().model())
                .add("Images", pictures.describe(source))
                .print();
        ComparisonReport report =
                Comparison.run(entries, Optional.of(source), annotations, Comparison.Settings.defaults(), context);
        json.write(report);
        common.say("");
        common.say(report.byFigure());
        common.sayNotes(report);
        return ExitCode.DONE;
    }
}
