package org.vitrail.cli;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.vitrail.Model;
import org.vitrail.canonical.ModelCheck;
import org.vitrail.compensate.BiasCorrection;
import org.vitrail.engine.EngineProvider;
import org.vitrail.export.Target;
import org.vitrail.image.ImageSource;
import org.vitrail.onnx.OnnxFile;
import org.vitrail.pipeline.Bits;
import org.vitrail.pipeline.Preset;
import org.vitrail.pipeline.QuantizationConfig;
import org.vitrail.pipeline.QuantizationResult;
import org.vitrail.quantize.QuantizedModel;
import org.vitrail.quantize.Vitrail;
import org.vitrail.report.FrontierFiles;
import org.vitrail.report.FrontierReport;
import org.vitrail.report.QuantizationReport;
import org.vitrail.tensor.VitrailException;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Implements {@code vitrail quantize}: quantizes a float model and verifies the result. */
@Command(
        name = "quantize",
        description = "Quantizes a vision transformer and verifies the result on pictures that it was not calibrated"
                + " with. No labels are needed.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  vitrail quantize deit.onnx --images photos --output deit-int8.onnx",
            "  vitrail quantize deit.onnx --images synthetic -o deit-int8.onnx",
            "  vitrail quantize hf:facebook/deit-tiny-patch16-224 --images photos \\",
            "      --output deit-int8.onnx",
            "  vitrail quantize deit.onnx --images photos -o deit-6bit.onnx \\",
            "      --average-bits 6 --frontier frontier",
            "  vitrail quantize vit/model.safetensors --images photos -o vit-w4a8.onnx \\",
            "      --bits W4A8 --count 256",
            "  vitrail quantize deit.onnx --images photos -o deit-w6.onnx \\",
            "      --bits W6A6 --compress",
            "  vitrail quantize deit.onnx --images photos -o deit-int8.onnx \\",
            "      --save-plan deit.plan.json",
            "  vitrail quantize deit.onnx --plan deit.plan.json -o deit-int8.onnx"
        })
final class Quantize implements Callable<Integer> {
    @Parameters(paramLabel = "MODEL", description = ModelSource.DESCRIPTION)
    private ModelSource given;

    @ArgGroup(multiplicity = "1")
    private Source from;

    /** The source of the quantizers: a calibration on images, or a saved plan. */
    static final class Source {
        @Option(
                names = "--images",
                paramLabel = "DIR",
                description = "A folder of pictures like those that the model will see, or " + ImageOptions.SYNTHETIC
                        + " for drawn ones.")
        private String images;

        @Option(
                names = "--plan",
                paramLabel = "FILE",
                description = "A plan that --save-plan wrote for this model: makes the same file again without"
                        + " pictures; the plan has the settings.")
        private Path plan;
    }

    @Spec
    private CommandSpec command;

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "OUT.onnx",
            description = "The file to write; compressed where its name ends in .zst.")
    private Path output;

    @Option(
            names = "--compress",
            description = "Writes OUT.onnx.zst instead, a Zstandard archive: fewer bytes to keep and send, the same"
                    + " model. Every command reads it as it is.")
    private boolean compress;

    @Option(
            names = "--save-plan",
            paramLabel = "FILE",
            description = "Also write every decision of the run to FILE as JSON, for --plan.")
    private Path savedPlan;

    @Mixin
    private CalibrationOptions chosen;

    @Option(
            names = "--bits",
            defaultValue = "W8A8",
            paramLabel = "WxAy",
            description =
                    "Bits of weights and activations, 2 to 10 each, as in W6A6 or W4A8 (default: ${DEFAULT-VALUE}).")
    private String bits;

    @Option(
            names = "--preset",
            defaultValue = "best",
            paramLabel = "NAME",
            completionCandidates = Presets.class,
            description = "The method: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private String preset;

    @Mixin
    private AttentionOptions attention;

    @Mixin
    private MixedPrecisionOptions mixed;

    @Option(
            names = "--bias-correction",
            paramLabel = "SOURCE",
            completionCandidates = OptionValues.BiasSources.class,
            description = "Where the mean error that biases take back comes from, one of ${COMPLETION-CANDIDATES}: each"
                    + " layer by itself (relative: large tokens count less), or the whole quantized model, layer by layer"
                    + " (default: what the preset says).")
    private BiasCorrection.Source biasCorrection;

    @Option(
            names = "--target",
            defaultValue = "portable",
            paramLabel = "NAME",
            completionCandidates = Targets.class,
            description = "The export target: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private String target;

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

    /** The targets that {@code --target} accepts, each with its summary. */
    static final class Targets implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Target.deployable().stream()
                    .map(target -> target.label() + ", " + target.summary())
                    .iterator();
        }
    }

    /** The names that {@code --preset} accepts. */
    static final class Presets implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Arrays.stream(Preset.values()).map(Preset::label).iterator();
        }
    }

    @Override
    public Integer call() {
        if (from.plan != null) {
            output = compress ? OnnxFile.compressedName(output) : output;
            new PlanReplay(command, common).run(given, from.plan, output, engine.provider());
            return ExitCode.DONE;
        }
        String images = from.images;
        QuantizationConfig config = config();
        EngineProvider engines = engine.provider();
        chosen.requirePositive();
        output = compress ? OnnxFile.compressedName(output) : output;
        Outputs.requireWritable(output);
        json.requireWritable();
        preparePlan(config);
        mixed.prepare();
        ModelSource.Located located = given.locate(common);
        Path path = located.path();
        Outputs.requireDifferent(output, path);
        Model model = options.open(path);
        ModelCheck.requireQuantizable(model.graph(), located.label());
        ImageSource source = ImageOptions.open(images, chosen.count() + Vitrail.VERIFICATION_IMAGES, chosen.seed());
        ModelOptions.describe(new PropertyList(common), located.label(), model)
                .add("Images", describe(source))
                .print();

        QuantizedModel quantized = Vitrail.quantize(model, source, chosen.count(), config, engines, common.progress());
        quantized.write(output);
        if (savedPlan != null) {
            quantized.writePlan(savedPlan);
        }
        writeFrontier(quantized);
        QuantizationReport report = report(path, model, config, quantized);
        json.write(report);
        new QuantizationText(common, report).print();
        return ExitCode.DONE;
    }

    private void preparePlan(QuantizationConfig config) {
        if (savedPlan == null) {
            return;
        }
        if (!config.method().transforms().isEmpty()) {
            throw new VitrailException(
                    "--save-plan cannot keep the transforms of the preset " + preset + ": leave one of the two out");
        }
        Outputs.requireWritable(savedPlan);
        Outputs.requireDifferent(savedPlan, output);
    }

    private QuantizationConfig config() {
        Preset method = Preset.ofName(preset)
                .orElseThrow(() -> new VitrailException("no preset has the name " + preset + "; there are "
                        + Arrays.stream(Preset.values()).map(Preset::label).collect(Collectors.joining(", "))));
        QuantizationConfig config = attention.applyTo(QuantizationConfig.defaults()
                .withPreset(method)
                .withBits(Bits.of(bits))
                .withTarget(target()));
        if (biasCorrection != null) {
            config = config.withMethod(config.method().withBiasCorrection(biasCorrection));
        }
        QuantizationConfig seeded =
                config.withCapture(config.capture().withThreads(threads.count()).withSeed(chosen.seed()));
        return mixed.settings(chosen.seed(), compress || OnnxFile.isCompressedName(output))
                .map(seeded::withMixedPrecision)
                .orElse(seeded);
    }

    private Target target() {
        return Target.ofName(target)
                .orElseThrow(() -> new VitrailException("no target has the name " + target + "; there are "
                        + Target.deployable().stream().map(Target::label).collect(Collectors.joining(", "))));
    }

    private void writeFrontier(QuantizedModel quantized) {
        QuantizationResult details = quantized.details();
        details.allocation()
                .ifPresent(allocation -> mixed.frontier()
                        .ifPresent(folder ->
                                FrontierFiles.write(FrontierReport.of(allocation, details.floatBytes()), folder)));
    }

    private String describe(ImageSource source) {
        if (ImageOptions.isSynthetic(from.images)) {
            return chosen.count() + " drawn by the program, seed " + chosen.seed();
        }
        return chosen.describe(source, from.images);
    }

    private QuantizationReport report(Path path, Model model, QuantizationConfig config, QuantizedModel quantized) {
        return QuantizationReports.of(
                path,
                output,
                model,
                from.images,
                new QuantizationReport.Settings(
                        bits.toUpperCase(Locale.ROOT),
                        preset.toLowerCase(Locale.ROOT),
                        config.attention().name().toLowerCase(Locale.ROOT),
                        config.target().label(),
                        chosen.seed(),
                        threads.count()),
                quantized);
    }
}
