package org.vitrail.cli;

import java.nio.file.Path;
import java.util.Set;
import org.vitrail.Model;
import org.vitrail.engine.EngineProvider;
import org.vitrail.export.SaturationProof;
import org.vitrail.onnx.OnnxFile;
import org.vitrail.quantize.Comparison;
import org.vitrail.quantize.Vitrail;
import org.vitrail.tensor.VitrailException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Quantizes a model by a saved plan: {@code vitrail quantize MODEL --plan FILE}. */
final class PlanReplay {
    /** The options that can be given beside a plan. */
    private static final Set<String> ALLOWED =
            Set.of("--plan", "--output", "--compress", "--engine", "--quiet", "--stacktrace");

    private final CommandSpec command;
    private final CommonOptions common;

    PlanReplay(CommandSpec command, CommonOptions common) {
        this.command = command;
        this.common = common;
    }

    /** Writes the quantized model and describes it. */
    void run(ModelSource given, Path plan, Path output, EngineProvider engines) {
        requireNoSettings();
        Outputs.requireWritable(output);
        ModelSource.Located located = given.locate(common);
        Outputs.requireDifferent(output, located.path());
        Outputs.requireDifferent(output, plan);
        Model quantized = Vitrail.replay(Model.open(located.path()), plan, engines);
        OnnxFile.write(quantized.graph(), output);
        boolean proved = SaturationProof.of(quantized.graph()).holds();
        ModelOptions.describe(new PropertyList(common), located.label(), quantized)
                .add("Plan", plan.toString())
                .add("Saturation", QuantizationText.saturation(proved))
                .add("Size", QuantizationText.sizes(Comparison.bytes(located.path()), Comparison.bytes(output)))
                .add("Written", common.paint().bold(output.toString()))
                .print();
    }

    /** Refuses options whose settings the plan has already. */
    private void requireNoSettings() {
        command.commandLine().getParseResult().matchedOptionsSet().stream()
                .map(OptionSpec::longestName)
                .filter(name -> !ALLOWED.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw new VitrailException(
                            name + " has no effect with --plan, which has all settings: leave one of the two out");
                });
    }
}
