package org.vitrail.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.vitrail.Model;
import org.vitrail.engine.RunContext;
import org.vitrail.image.DrawnImages;
import org.vitrail.image.ImageSource;
import org.vitrail.onnx.OnnxFile;
import org.vitrail.pipeline.Bits;
import org.vitrail.pipeline.QuantizationConfig;
import org.vitrail.quantize.Comparison;
import org.vitrail.quantize.QuantizedModel;
import org.vitrail.quantize.Vitrail;
import org.vitrail.report.ComparisonReport;
import org.vitrail.report.JsonReport;
import org.vitrail.report.QuantizationReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Implements {@code vitrail demo}: quantizes a small bundled model without further input. */
@Command(
        name = "demo",
        description = "Quantizes a small vision transformer that ships with Vitrail, on pictures that it draws, and"
                + " compares the result with the float model.",
        footerHeading = "%nExamples:%n",
        footer = {"  vitrail demo", "  vitrail demo --output /tmp/demo --bits W4A4"})
final class Demo implements Callable<Integer> {
    private static final int CALIBRATION_IMAGES = 128;

    /** First seed of the drawn images, so that none is an image that the model was trained on. */
    private static final long CALIBRATION_SEED = 1001;

    private static final long TEST_SEED = 1002;

    /** Number of test images that are written for people to look at. */
    private static final int SAMPLE_IMAGES = 4;

    @Option(
            names = {"-o", "--output"},
            defaultValue = "vitrail-demo",
            paramLabel = "DIR",
            description = "The folder to write to (default: ${DEFAULT-VALUE}).")
    private Path folder;

    @Option(
            names = "--bits",
            defaultValue = "W8A8",
            paramLabel = "WxAy",
            description = "Bits of weights and activations (default: ${DEFAULT-VALUE}).")
    private String bits;

    @Option(
            names = "--count",
            defaultValue = "960",
            paramLabel = "N",
            description = "Pictures to test with (default: ${DEFAULT-VALUE}).")
    private int count;

    @Mixin
    private ThreadsOption threads;

    @Mixin
    private CommonOptions common;

    /** The content of the demo's report.json. */
    private record Result(QuantizationReport quantization, ComparisonReport comparison) {}

    @Override
    public Integer call() {
        QuantizationConfig config = QuantizationConfig.defaults().withBits(Bits.of(bits));
        config = config.withCapture(config.capture().withThreads(threads.count()));
        ThreadsOption.requirePositive("--count", count);
        DemoFiles files = DemoFiles.in(folder);
        Model model = files.model();
        OnnxFile.write(model.graph().withMetadata(model.metadata()), files.original());
        ModelOptions.describe(new PropertyList(common), files.original().toString(), model)
                .add(
                        "Classes",
                        model.classNames().size() + ", such as " + model.className(0) + " and " + model.className(5))
                .add(
                        "Images",
                        "drawn by the program: " + CALIBRATION_IMAGES + " to calibrate on, " + count + " to test with")
                .print();

        ImageSource drawn = new DrawnImages(CALIBRATION_SEED, CALIBRATION_IMAGES + Vitrail.VERIFICATION_IMAGES);
        QuantizedModel quantized = Vitrail.quantize(model, drawn, CALIBRATION_IMAGES, config, common.progress());
        quantized.write(files.quantized());
        QuantizationReport report = QuantizationReports.of(
                files.original(), files.quantized(), model, "drawn", settings(config), quantized);
        new QuantizationText(common, report).print();

        ImageSource tests = new DrawnImages(TEST_SEED, count);
        ComparisonReport comparison = Comparison.run(
                List.of(
                        new Comparison.Entry("float", files.original(), model),
                        new Comparison.Entry("quantized", files.quantized(), quantized.model())),
                Optional.of(tests),
                Comparison.Settings.defaults(),
                RunContext.defaults().withThreads(threads.count()).withProgress(common.progress()));
        common.say("");
        common.say(comparison.byFigure());
        common.sayNotes(comparison);
        JsonReport.write(new Result(report, comparison), files.report());
        files.writeSamples(tests, SAMPLE_IMAGES);
        sayWhereEverythingIs(files);
        return ExitCode.DONE;
    }

    private QuantizationReport.Settings settings(QuantizationConfig config) {
        return new QuantizationReport.Settings(
                config.bits().toString(),
                "best",
                "float",
                "portable",
                config.capture().seed(),
                threads.count());
    }

    private void sayWhereEverythingIs(DemoFiles files) {
        common.say("");
        new PropertyList(common)
                .add("Float model", files.original().toString())
                .add("Quantized", files.quantized().toString())
                .add("Figures", files.report().toString())
                .add("Pictures", files.samples().toString())
                .add(
                        "Try",
                        "./vitrail predict " + files.quantized() + " "
                                + files.samples().resolve("*.png"))
                .print();
    }
}
