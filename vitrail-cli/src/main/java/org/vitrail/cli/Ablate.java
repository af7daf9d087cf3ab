package org.vitrail.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.vitrail.ablation.Ablation;
import org.vitrail.ablation.AblationReport;
import org.vitrail.ablation.AblationVariant;
import org.vitrail.engine.EngineProvider;
import org.vitrail.image.ImageFolder;
import org.vitrail.image.ImageSource;
import org.vitrail.onnx.AtomicFile;
import org.vitrail.pipeline.AttentionMode;
import org.vitrail.pipeline.Bits;
import org.vitrail.pipeline.QuantizationConfig;
import org.vitrail.quantize.Comparison;
import org.vitrail.quantize.Version;
import org.vitrail.report.JsonReport;
import org.vitrail.report.Units;
import org.vitrail.tensor.VitrailException;
import org.vitrail.verify.CpuInfo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Implements {@code vitrail ablate}: measures the paper's two tables for any model. */
@Command(
        name = "ablate",
        description = "Quantizes a model with every method at several bit widths, and measures the effect of each part"
                + " of the paper's method. An interrupted run continues where it stopped.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  vitrail ablate deit.onnx --calibration train --evaluation val -o tables",
            "  vitrail ablate deit.onnx --calibration train --evaluation val -o tables \\",
            "      --methods mse,paper --bits W6A6 --draws 5",
            "",
            "The folder receives ablation.md, methods.csv, components.csv and ablation.json,",
            "and in cells/ the results so far; cells of another model, other pictures or",
            "another build are measured anew."
        })
final class Ablate implements Callable<Integer> {
    @Parameters(paramLabel = "MODEL", description = ModelSource.DESCRIPTION)
    private ModelSource model;

    @Option(
            names = "--calibration",
            required = true,
            paramLabel = "DIR",
            description = "A folder of pictures to calibrate on, usually of the training set.")
    private Path calibration;

    @Option(
            names = "--evaluation",
            required = true,
            paramLabel = "DIR",
            description = "A folder of other pictures to measure on, labelled or not.")
    private Path evaluation;

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "DIR",
            description = "The folder for tables and cells; made where it does not exist.")
    private Path output;

    @Option(
            names = "--evaluation-count",
            paramLabel = "N",
            description = "A random choice of N pictures to measure on (default: all).")
    private Integer evaluationCount;

    @Mixin
    private CalibrationOptions chosen;

    @Option(
            names = "--draws",
            defaultValue = "1",
            paramLabel = "N",
            description =
                    "Number of choices of calibration pictures, by --seed and the next seeds: tables have means over"
                            + " them, and show which differences exceed their spread (default: ${DEFAULT-VALUE}).")
    private int draws;

    @Option(
            names = "--methods",
            split = ",",
            paramLabel = "NAME",
            completionCandidates = AblationVariants.class,
            description = "Rows of the tables in their order, among ${COMPLETION-CANDIDATES} (default: all).")
    private List<String> methods;

    @Option(
            names = "--bits",
            split = ",",
            defaultValue = "W8A8,W6A6,W4A4",
            paramLabel = "WxAy",
            description = "Bits of weights and activations (default: ${DEFAULT-VALUE}).")
    private List<String> bits;

    @Option(
            names = "--attention",
            defaultValue = "quantized",
            paramLabel = "MODE",
            completionCandidates = OptionValues.AttentionModes.class,
            description = "Arithmetic of attention products, for all methods: ${COMPLETION-CANDIDATES} (default:"
                    + " ${DEFAULT-VALUE}, as in the paper).")
    private AttentionMode attention;

    @Mixin
    private ThreadsOption threads;

    @Mixin
    private EngineOption engine;

    @Mixin
    private ModelOptions options;

    @Mixin
    private CommonOptions common;

    @Spec
    private CommandSpec command;

    /** The names that {@code --methods} accepts. */
    static final class AblationVariants implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Arrays.stream(AblationVariant.values())
                    .map(AblationVariant::label)
                    .iterator();
        }
    }

    @Override
    public Integer call() {
        chosen.requirePositive();
        ThreadsOption.requirePositive("--draws", draws);
        ThreadsOption.requirePositive("--evaluation-count", evaluationCount == null ? 1 : evaluationCount);
        Ablation.Settings settings = settings();
        EngineProvider engines = engine.provider();
        ModelSource.Located located = model.locate(common);
        Comparison.Entry original = options.entry(located);
        ImageSource calibrationImages = ImageFolder.open(calibration);
        Ablation.requireChoices(calibrationImages, chosen.count(), draws);
        ImageSource evaluationImages = ImageFolder.open(evaluation);
        if (evaluationCount != null) {
            evaluationImages = evaluationImages.sample(evaluationCount, chosen.seed());
        }
        Path cells = output.resolve("cells");
        create(cells);
        ModelOptions.describe(new PropertyList(common), located.label(), original.model())
                .add("Calibration", chosen.describe(calibrationImages, calibration, draws))
                .add("Evaluation", Units.plural(evaluationImages.size(), "picture") + " of " + evaluation)
                .add("Cells", settings.contenders().size() * settings.widths().size() * draws + ", kept in " + cells)
                .add("Build", Version.build() + "; cells of other builds are measured anew")
                .print();
        AblationReport report = Ablation.run(
                original,
                calibrationImages,
                chosen.count(),
                evaluationImages,
                settings,
                cells,
                engines,
                common.progress());
        write(report);
        common.say("");
        common.say(report.methods());
        common.say("");
        common.say(report.components());
        common.say("");
        report.notes().forEach(common::sayWrapped);
        common.warnOfBroken(report.images().broken());
        return ExitCode.DONE;
    }

    private Ablation.Settings settings() {
        QuantizationConfig base = QuantizationConfig.defaults().withAttention(attention);
        return new Ablation.Settings(
                methods == null
                        ? List.of(AblationVariant.values())
                        : methods.stream().map(Ablate::contender).distinct().toList(),
                bits.stream().map(Bits::of).distinct().toList(),
                base.withCapture(base.capture().withThreads(threads.count()).withSeed(chosen.seed())),
                draws);
    }

    private static AblationVariant contender(String name) {
        return AblationVariant.ofName(name.strip())
                .orElseThrow(() -> new VitrailException("no method has the name " + name.strip() + "; there are "
                        + Arrays.stream(AblationVariant.values())
                                .map(AblationVariant::label)
                                .collect(Collectors.joining(", "))));
    }

    private static void create(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new VitrailException(folder + " cannot be made: give --output a folder that may be written to", e);
        }
    }

    private void write(AblationReport report) {
        String arguments =
                String.join(" ", command.commandLine().getParseResult().originalArgs());
        AtomicFile.writeText(
                output.resolve("ablation.md"),
                report.markdown(List.of(
                        "By " + report.tool() + ": `vitrail " + arguments + "`",
                        "On Java " + Runtime.version().feature() + ", "
                                + CpuInfo.detect().describe() + ".")));
        AtomicFile.writeText(output.resolve("methods.csv"), report.methodsCsv());
        AtomicFile.writeText(output.resolve("components.csv"), report.componentsCsv());
        JsonReport.write(report, output.resolve("ablation.json"));
    }
}
