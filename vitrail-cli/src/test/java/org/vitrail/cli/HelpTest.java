package org.vitrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrail.ablation.AblationVariant;
import org.vitrail.allocate.MixedPrecision;
import org.vitrail.checkpoint.ActivationFunction;
import org.vitrail.checkpoint.NormPlacement;
import org.vitrail.compensate.BiasCorrection;
import org.vitrail.image.PreprocessingPreset;
import org.vitrail.image.ResizeFilter;
import org.vitrail.pipeline.AttentionMode;
import org.vitrail.pipeline.Preset;
import org.vitrail.task.Task;
import picocli.CommandLine;

class HelpTest {
    static Stream<Arguments> options() {
        return Stream.of(
                option("quantize", "--preset", Arrays.stream(Preset.values()).map(Preset::label)),
                option(
                        "quantize",
                        "--attention",
                        Arrays.stream(AttentionMode.values()).map(HelpTest::name)),
                option("quantize", "--attention-intervals", Stream.of("layer", "head")),
                option(
                        "quantize",
                        "--bias-correction",
                        Arrays.stream(BiasCorrection.Source.values()).map(HelpTest::name)),
                option(
                        "quantize",
                        "--mixed-precision",
                        Stream.concat(
                                Arrays.stream(MixedPrecision.Measure.values()).map(MixedPrecision.Measure::label),
                                Stream.of("none"))),
                option("quantize", "--task", Arrays.stream(Task.Kind.values()).map(Task.Kind::label)),
                option(
                        "evaluate",
                        "--preprocessing",
                        Arrays.stream(PreprocessingPreset.values()).map(PreprocessingPreset::label)),
                option(
                        "evaluate",
                        "--filter",
                        Arrays.stream(ResizeFilter.values()).map(ResizeFilter::label)),
                option(
                        "ablate",
                        "--attention",
                        Arrays.stream(AttentionMode.values()).map(HelpTest::name)),
                option(
                        "ablate",
                        "--methods",
                        Arrays.stream(AblationVariant.values()).map(AblationVariant::label)),
                option(
                        "import",
                        "--activation",
                        Arrays.stream(ActivationFunction.values()).map(HelpTest::name)),
                option("import", "--norm", Arrays.stream(NormPlacement.values()).map(HelpTest::name)));
    }

    private static Arguments option(String command, String option, Stream<String> labels) {
        return Arguments.of(command, option, labels.toList());
    }

    private static String name(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    @ParameterizedTest
    @MethodSource("options")
    void theHelpOfAnOptionNamesEveryValue(String command, String option, List<String> labels) {
        String help = CommandLineRun.of(command, "--help").out();
        // An option's help ends where the next option begins, or at an empty line.
        Matcher described = Pattern.compile(
                        "\\R\\s+(?:-\\w, )?" + option + "=(.*?)(?=\\R\\s+(?:-\\w, )?--[a-z]|\\R\\s*\\R|\\z)",
                        Pattern.DOTALL)
                .matcher(help);
        assertThat(described.find()).as(option + " in " + help).isTrue();
        String[] words = described.group(1).toLowerCase(Locale.ROOT).split("[^a-z0-9_-]+");
        assertThat(words).contains(labels.toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"demo", "quantize", "evaluate", "compare", "ablate", "predict", "prove", "inspect", "import"})
    void examplesAreNotBrokenAtTheNarrowestWidth(String command) {
        CommandLine line = Main.commandLine(new Main(
                Terminal.plain(
                        new PrintWriter(System.out, false, StandardCharsets.UTF_8),
                        new PrintWriter(System.err, false, StandardCharsets.UTF_8),
                        80),
                Map.of()));
        String[] footer = line.getSubcommands()
                .get(command)
                .getCommandSpec()
                .usageMessage()
                .footer();

        assertThat(CommandLineRun.wrappedAt(80, command, "--help").out().lines())
                .contains(footer);
    }
}
