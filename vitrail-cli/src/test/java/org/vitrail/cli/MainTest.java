package org.vitrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

class MainTest {
    @Test
    void helpsWhereThereIsNoCommand() {
        CommandLineRun run = CommandLineRun.of();

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("Usage: vitrail", "inspect", "Examples:");
        assertThat(run.err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"demo", "quantize", "evaluate", "compare", "predict", "preprocess", "prove", "inspect", "import"
            })
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
    void suggestsTheOptionThatWasMeantAlsoWhereARequiredOneIsMissingForIt() {
        assertThat(CommandLineRun.of("quantize", "x.onnx", "--images", "a", "--outptu", "y.onnx")
                        .err())
                .isEqualTo(
                        "vitrail: there is no option --outptu; did you mean --output? (see vitrail quantize --help)\n");
        assertThat(CommandLineRun.of("quantize", "x.onnx", "--imgs", "a", "-o", "y.onnx")
                        .err())
                .startsWith("vitrail: there is no option --imgs; did you mean --images?");
        assertThat(CommandLineRun.of("quantize", "x.onnx", "--unheard-of", "-o", "y.onnx")
                        .err())
                .isEqualTo("vitrail: there is no option --unheard-of (see vitrail quantize --help)\n");
    }

    @Test
    void suggestsEveryOptionOfWhichTwoLettersWereExchanged() {
        CommandLine quantize = Main.commandLine(new Main(
                        Terminal.plain(new PrintWriter(Writer.nullWriter()), new PrintWriter(Writer.nullWriter()), 80),
                        Map.of()))
                .getSubcommands()
                .get("quantize");
        for (OptionSpec option : quantize.getCommandSpec().options()) {
            String name = option.longestName();
            int last = name.length() - 1;
            String typed = name.substring(0, last - 1) + name.charAt(last) + name.charAt(last - 1);
            if (!option.hidden() && !typed.equals(name)) {
                assertThat(Suggestions.of(quantize, typed)).as(typed).contains(name);
            }
        }
    }

    @Test
    void namesEveryExitCodeInItsHelp() {
        assertThat(CommandLineRun.of("--help").out().replaceAll("\\s+", " "))
                .contains(
                        "Exit codes: 0 done, 1 internal error, 2 unusable input, 3 not proved (prove), 130 interrupted.");
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
    void saysInOneSentenceWhatToDoWhereMemoryRunsOut() {
        StringWriter err = new StringWriter();
        Terminal terminal = Terminal.plain(new PrintWriter(Writer.nullWriter()), new PrintWriter(err), 80);

        int exitCode = Main.ranOutOfMemory(terminal, new OutOfMemoryError("Java heap space"));

        assertThat(exitCode).isEqualTo(2);
        assertThat(err.toString())
                .startsWith("vitrail: not enough memory (Java heap space), with a Java heap of at most ")
                .contains("VITRAIL_JAVA_OPTS=-Xmx", "--threads 1")
                .hasLineCount(1);
    }

    @Test
    void printsItsVersion() {
        assertThat(CommandLineRun.of("--version").out()).startsWith("vitrail ").contains("Java");
    }
}
