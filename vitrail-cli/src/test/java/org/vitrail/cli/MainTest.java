package org.vitrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
    @Test
    void helpsWhereThereIsNoCommand() {
        CommandLineRun run = CommandLineRun.of();

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("Usage: vitrail", "inspect", "Examples:");
        assertThat(run.err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo", "quantize", "evaluate", "compare", "predict", "prove", "inspect", "import"})
    void everyCommandHelpsWithExamples(String command) {
        CommandLineRun run = CommandLineRun.wrappedAt(80, command, "--help");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("Usage: vitrail " + command, "Example", "  vitrail " + command);
        assertThat(run.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    }

    @Test
    void suggestsWhatWasMeantByATypingError() {
        assertThat(CommandLineRun.of("inspct", "x.onnx").err())
                .startsWith("vitrail: there is no command inspct; did you mean inspect")
                .endsWith("? (see vitrail --help)\n");
        assertThat(CommandLineRun.of("inspect", "x.onnx", "--jsn=a").err())
                .isEqualTo("vitrail: there is no option --jsn=a; did you mean --json? (see vitrail inspect --help)\n");
    }

    @Test
    void endsWithTwoWhereAnArgumentIsMissing() {
        CommandLineRun run = CommandLineRun.of("inspect");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).isEqualTo("vitrail: missing required parameter: 'MODEL' (see vitrail inspect --help)\n");
    }

    @Test
    void showsWhereAnErrorComesFromWhereTheEnvironmentAsksForIt() {
        assertThat(CommandLineRun.of("inspect", "absent.onnx").err()).hasLineCount(1);
        assertThat(CommandLineRun.in(Map.of("VITRAIL_DEBUG", "1"), "inspect", "absent.onnx")
                        .err())
                .contains("\tat org.vitrail.");
    }

    @Test
    void printsItsVersion() {
        assertThat(CommandLineRun.of("--version").out()).startsWith("vitrail ").contains("Java");
    }
}
