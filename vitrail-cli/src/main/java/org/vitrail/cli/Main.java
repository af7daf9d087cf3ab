package org.vitrail.cli;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.vitrail.tensor.VitrailException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/** The entry point: runs the command, and turns failures into one sentence and an exit code. */
@Command(
        name = "vitrail",
        mixinStandardHelpOptions = true,
        versionProvider = BuildVersion.class,
        synopsisSubcommandLabel = "COMMAND",
        description = "Makes vision transformers small and fast after training.",
        subcommands = {
            Demo.class,
            Quantize.class,
            Evaluate.class,
            Compare.class,
            Ablate.class,
            Predict.class,
            Preprocess.class,
            Prove.class,
            Inspect.class,
            Import.class
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  vitrail demo",
            "  vitrail quantize deit.onnx --images photos --output deit-int8.onnx",
            "  vitrail evaluate deit-int8.onnx --images validation --reference deit.onnx",
            "",
            "Exit codes: 0 done, 1 internal error, 2 unusable input, 3 not proved (prove),",
            "130 interrupted."
        })
public final class Main implements Runnable, CommandContext {
    private final Terminal terminal;
    private final Map<String, String> environment;

    @Option(
            names = "--stacktrace",
            scope = ScopeType.INHERIT,
            hidden = true,
            description = "Print the stack trace of an error (as VITRAIL_DEBUG=1 does).")
    private boolean stacktrace;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    Main(Terminal terminal, Map<String, String> environment) {
        this.terminal = terminal;
        this.environment = environment;
    }

    public static void main(String[] args) {
        Terminal terminal = Terminal.ofSystem();
        AtomicBoolean ended = new AtomicBoolean();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            if (!ended.get()) {
                terminal.endLine();
                terminal.complain("interrupted");
            }
        }));
        int exitCode = run(terminal, System.getenv(), args);
        ended.set(true);
        System.exit(exitCode);
    }

    /** Runs one command and returns the process's exit code. */
    static int run(Terminal terminal, Map<String, String> environment, String... args) {
        Main main = new Main(terminal, environment);
        try {
            return commandLine(main).execute(args);
        } catch (OutOfMemoryError e) {
            return ranOutOfMemory(terminal, e);
        } catch (Error e) {
            // Picocli passes exceptions on, but no errors.
            terminal.endLine();
            return main.failed(e);
        }
    }

    /** Reports that the memory did not suffice, whether the heap or memory beside it. */
    static int ranOutOfMemory(Terminal terminal, OutOfMemoryError e) {
        terminal.endLine();
        Failure failure = Failure.outOfMemory(e);
        terminal.complain(failure.sentence());
        return failure.exitCode();
    }

    /** Returns the parser of all commands. */
    static CommandLine commandLine(Main main) {
        CommandLine line = new CommandLine(main);
        line.getSubcommands()
                .values()
                .forEach(command -> command.getCommandSpec()
                        .usageMessage()
                        .sortOptions(false)
                        .abbreviateSynopsis(true));
        Terminal terminal = main.terminal;
        return line.setOut(terminal.out())
                .setErr(terminal.err())
                .setColorScheme(CommandLine.Help.defaultColorScheme(terminal.outColours() ? Ansi.ON : Ansi.OFF))
                .setUsageHelpWidth(Math.clamp(terminal.columns(), 80, 100))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .registerConverter(ModelSource.class, ModelSource::new)
                .setParameterExceptionHandler((e, arguments) -> main.misused(e))
                .setExecutionExceptionHandler((e, command, result) -> main.failed(e))
                .setExecutionStrategy(Main::protectedRun);
    }

    private static int protectedRun(CommandLine.ParseResult given) {
        try {
            InputProtection.check(given);
        } catch (VitrailException e) {
            throw new CommandLine.ExecutionException(given.commandSpec().commandLine(), e.getMessage(), e);
        }
        return new CommandLine.RunLast().execute(given);
    }

    @Override
    public Terminal terminal() {
        return terminal;
    }

    @Override
    public Map<String, String> environment() {
        return environment;
    }

    /** Prints the help where no command is given. */
    @Override
    public void run() {
        spec.commandLine().usage(terminal.out());
    }

    private int misused(ParameterException e) {
        CommandLine command = e.getCommandLine();
        String see = " (see " + command.getCommandSpec().qualifiedName() + " --help)";
        terminal.complain(
                switch (e) {
                    case UnmatchedArgumentException unmatched -> unmatched(command, unmatched.getUnmatched()) + see;
                    case MissingParameterException missing
                    when !unknownOptions(command).isEmpty() -> unmatched(command, unknownOptions(command)) + see;
                    case ParameterException other
                    when other.getCause() instanceof VitrailException cause -> cause.getMessage();
                    default -> lowerCase(e.getMessage().strip().replaceAll("\\s+", " ")) + see;
                });
        return ExitCode.UNUSABLE_INPUT;
    }

    /** Returns the arguments that look like options and are none: the cause where a required option is missing too. */
    private static List<String> unknownOptions(CommandLine command) {
        return command.getUnmatchedArguments().stream()
                .filter(argument -> argument.startsWith("-"))
                .toList();
    }

    private static String unmatched(CommandLine command, List<String> arguments) {
        String first = arguments.getFirst();
        boolean isCommand = command.getParent() == null && !first.startsWith("-");
        String problem = isCommand
                ? "there is no command " + first
                : first.startsWith("-") ? "there is no option " + first : first + " is one argument too many";
        List<String> meant = isCommand || first.startsWith("-") ? Suggestions.of(command, first) : List.of();
        return meant.isEmpty() ? problem : problem + "; did you mean " + String.join(" or ", meant) + "?";
    }

    private int failed(Throwable e) {
        if (stacktrace || environment.containsKey("VITRAIL_DEBUG")) {
            e.printStackTrace(terminal.err());
        }
        Failure failure = Failure.of(e);
        terminal.complain(failure.sentence());
        return failure.exitCode();
    }

    private static String lowerCase(String sentence) {
        return sentence.isEmpty() ? sentence : Character.toLowerCase(sentence.charAt(0)) + sentence.substring(1);
    }
}
