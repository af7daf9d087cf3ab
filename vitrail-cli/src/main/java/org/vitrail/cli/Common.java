package org.vitrail.cli;

import java.util.List;
import org.vitrail.report.TextTable;
import org.vitrail.work.Progress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What every command has: help, and how much it says. */
@Command(mixinStandardHelpOptions = true, versionProvider = Main.Version.class)
final class Common {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = {"-q", "--quiet"},
            description = "Show no progress, and of results only warnings.")
    private boolean quiet;

    Terminal terminal() {
        return ((Main) command.root().userObject()).terminal();
    }

    /** Prints a line of the result, unless the user wants none. */
    void say(String line) {
        if (!quiet) {
            terminal().out().println(line);
        }
    }

    /** Prints a table, its heading in bold. */
    void say(TextTable table) {
        List<String> lines = table.lines();
        say(table.hasHeading() ? paint().bold(lines.getFirst()) : lines.getFirst());
        lines.stream().skip(1).forEach(this::say);
    }

    /** Colours for what {@link #say} prints. */
    Paint paint() {
        return terminal().paint();
    }

    /** Says what must not be missed, quiet or not. */
    void warn(String sentence) {
        terminal().complain(sentence);
    }

    Progress progress() {
        return quiet ? Progress.none() : terminal().progress();
    }
}
