package org.vitrail.cli;

import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** Suggests the option or command that a mistyped argument meant. */
final class Suggestions {
    private static final int MAX_SUGGESTIONS = 2;

    private Suggestions() {}

    /**
     * Returns the names nearest to an argument, at most two, that differ in at most a third of their letters.
     *
     * @param command that was given the argument
     * @param argument an option with or without a value, or the name of a command
     */
    static List<String> of(CommandLine command, String argument) {
        String name = argument.split("=", 2)[0];
        List<String> known = (name.startsWith("-") ? options(command) : command.getSubcommands().keySet().stream())
                .filter(candidate -> distance(name, candidate) <= Math.max(1, candidate.length() / 3))
                .toList();
        int least = known.stream()
                .mapToInt(candidate -> distance(name, candidate))
                .min()
                .orElse(0);
        return known.stream()
                .filter(candidate -> distance(name, candidate) == least)
                .limit(MAX_SUGGESTIONS)
                .toList();
    }

    private static Stream<String> options(CommandLine command) {
        return command.getCommandSpec().options().stream()
                .filter(option -> !option.hidden())
                .map(OptionSpec::longestName);
    }

    /**
     * Returns the number of insertions, deletions, replacements and exchanges of neighbours that make one word the other
     * (optimal string alignment).
     */
    static int distance(String one, String other) {
        int[][] distance = new int[one.length() + 1][other.length() + 1];
        for (int i = 0; i <= one.length(); i++) {
            for (int j = 0; j <= other.length(); j++) {
                if (i == 0 || j == 0) {
                    distance[i][j] = i + j;
                    continue;
                }
                int replaced = distance[i - 1][j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                distance[i][j] = Math.min(replaced, 1 + Math.min(distance[i - 1][j], distance[i][j - 1]));
                boolean exchanged = i > 1
                        && j > 1
                        && one.charAt(i - 1) == other.charAt(j - 2)
                        && one.charAt(i - 2) == other.charAt(j - 1);
                if (exchanged) {
                    distance[i][j] = Math.min(distance[i][j], distance[i - 2][j - 2] + 1);
                }
            }
        }
        return distance[one.length()][other.length()];
    }
}
