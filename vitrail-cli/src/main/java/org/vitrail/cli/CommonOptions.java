package org.vitrail.cli;

import java.util.List;
import java.util.Map;
import org.vitrail.report.ComparisonReport;
import org.vitrail.report.TextTable;
import org.vitrail.report.Units;
import org.vitrail.work.Progress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options of every command (help and verbosity), and its output. */
@Command(mixinStandardHelpOptions = true, versionProvider = BuildVersion.class)
final class CommonOptions {
    /** Largest number of broken images that are named; more are only counted. */
    private static final int MAX_LISTED_BROKEN_IMAGES = 10;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = {"-q", "--quiet"},
            description = "Show no progress, and of results only warnings.")
    private boolean quiet;

    Terminal terminal() {
        return context().terminal();
    }

    /** Returns the environment variables by name. */
    Map<String, String> environment() {
        return context().environment();
    }

    private CommandContext context() {
        return (CommandContext) command.root().userObject();
    }

    /** Prints a line of the result, unless the output is quiet. */
    void say(String line) {
        if (!quiet) {
            terminal().out().println(SafeLine.of(line));
        }
    }

    /** Prints a text, wrapped where it is too long for the terminal. */
    void sayWrapped(String text) {
        Wrap.lines(text, terminal().columns() - 1).forEach(this::say);
    }

    /** Prints a table, its heading in bold. */
    void say(TextTable table) {
        List<String> lines = table.lines();
        say(table.hasHeading() ? paint().bold(lines.getFirst()) : lines.getFirst());
        lines.stream().skip(1).forEach(this::say);
    }

    /** Prints the notes of a comparison's table, and warns of images that could not be read. */
    void sayNotes(ComparisonReport report) {
        say("");
        report.notes()
                .forEach(note -> Wrap.lines(note, terminal().columns() - 1).forEach(line -> say(paint().faint(line))));
        warnOfBroken(report.brokenImages());
    }

    /** Warns of images that could not be read. */
    void warnOfBroken(List<String> broken) {
        broken.stream().limit(MAX_LISTED_BROKEN_IMAGES).forEach(this::warn);
        if (!broken.isEmpty()) {
            warn(Units.plural(broken.size(), "picture was", "pictures were") + " skipped");
        }
    }

    /** Returns the colours for the output of {@link #say}. */
    AnsiColours paint() {
        return terminal().paint();
    }

    /** Prints a warning, even if the output is quiet. */
    void warn(String sentence) {
        terminal().complain(sentence);
    }

    /** Returns the progress as the terminal shows it; warnings are printed even if the output is quiet. */
    Progress progress() {
        Progress shown = quiet ? Progress.none() : terminal().progress();
        return new Progress() {
            @Override
            public Stage begin(String name, int total) {
                return shown.begin(name, total);
            }

            @Override
            public void warn(String sentence) {
                terminal().alarm(sentence);
            }
        };
    }
}
