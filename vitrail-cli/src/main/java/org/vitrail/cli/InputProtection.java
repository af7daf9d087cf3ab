package org.vitrail.cli;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.vitrail.tensor.VitrailException;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Checks, for every command alike and before it runs, that no output replaces an input. */
final class InputProtection {
    private static final Set<String> OUTPUT_OPTIONS = Set.of("--output", "--json", "--save-plan");

    private InputProtection() {}

    /** Throws {@link VitrailException} where an output of the command line is a file that the command reads. */
    static void check(CommandLine.ParseResult given) {
        CommandLine.ParseResult command = given;
        while (command.hasSubcommand()) {
            command = command.subcommand();
        }
        List<ArgSpec> arguments = command.commandSpec().args();
        List<Path> inputs = arguments.stream()
                .filter(argument -> !isOutput(argument))
                .flatMap(InputProtection::paths)
                .filter(Files::exists)
                .toList();
        arguments.stream()
                .filter(InputProtection::isOutput)
                .flatMap(InputProtection::paths)
                .filter(output -> Files.exists(output) && !Files.isDirectory(output))
                .forEach(output -> inputs.forEach(input -> Outputs.requireDifferent(output, input)));
    }

    private static boolean isOutput(ArgSpec argument) {
        return argument instanceof OptionSpec option
                && Arrays.stream(option.names()).anyMatch(OUTPUT_OPTIONS::contains);
    }

    private static Stream<Path> paths(ArgSpec argument) {
        Object value = argument.getValue();
        return (value instanceof Collection<?> several ? several.stream() : Stream.ofNullable(value))
                .map(InputProtection::path)
                .flatMap(Optional::stream);
    }

    private static Optional<Path> path(Object value) {
        try {
            return switch (value) {
                case Path path -> Optional.of(path);
                case ModelSource source -> source.isOnHub() ? Optional.empty() : Optional.of(Path.of(source.text()));
                case String text -> Optional.of(Path.of(text));
                default -> Optional.empty();
            };
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }
}
