package org.vitrail.cli;

import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.List;
import org.vitrail.tensor.PlainText;
import org.vitrail.work.Progress;

/**
 * The output of the command line: results to {@code out}; progress, warnings and errors to {@code err}.
 *
 * @param outColours whether {@code out} understands colours
 * @param errColours whether {@code err} understands colours
 * @param interactive whether {@code err} is a terminal, on which progress can be drawn
 * @param columns width of the terminal
 */
record Terminal(
        PrintWriter out, PrintWriter err, boolean outColours, boolean errColours, boolean interactive, int columns) {
    private static final int DEFAULT_COLUMNS = 80;

    /** Returns the process's own streams; the launcher passes the terminal's properties as system properties. */
    static Terminal ofSystem() {
        boolean out = Boolean.getBoolean("vitrail.terminal.out");
        boolean err = Boolean.getBoolean("vitrail.terminal.err");
        boolean colours = isUnset("NO_COLOR") && !"dumb".equals(System.getenv("TERM"));
        return new Terminal(
                new PrintWriter(System.out, true, charset("stdout.encoding")),
                new PrintWriter(System.err, true, charset("stderr.encoding")),
                out && colours,
                err && colours,
                err && !"dumb".equals(System.getenv("TERM")),
                Integer.getInteger("vitrail.terminal.columns", DEFAULT_COLUMNS));
    }

    /** Returns plain text output to two writers, without progress or colours. */
    static Terminal plain(PrintWriter out, PrintWriter err, int columns) {
        return new Terminal(out, err, false, false, false, columns);
    }

    private static boolean isUnset(String variable) {
        String value = System.getenv(variable);
        return value == null || value.isEmpty();
    }

    private static Charset charset(String property) {
        return Charset.forName(
                System.getProperty(property, Charset.defaultCharset().name()));
    }

    /** Returns the colours of {@code out}. */
    AnsiColours paint() {
        return new AnsiColours(outColours);
    }

    /** Returns a progress bar on {@code err} where that is a terminal. */
    Progress progress() {
        return interactive ? new ProgressBar(err, columns, errColours) : Progress.none();
    }

    /** Erases the line on which progress may have been drawn. */
    void endLine() {
        if (interactive) {
            err.println();
        }
    }

    /** Prints a sentence on {@code err}, such as an error or a note. */
    void complain(String sentence) {
        say(new AnsiColours(errColours).bold("vitrail:") + " " + PlainText.line(sentence));
    }

    /** Prints a warning on {@code err}. */
    void alarm(String sentence) {
        say(new AnsiColours(errColours).bad("vitrail: WARNING:") + " " + PlainText.line(sentence));
    }

    /** Wraps between words on a terminal; elsewhere a sentence is one line, for programs that read it. */
    private void say(String sentence) {
        (interactive ? Wrap.lines(sentence, columns - 1) : List.of(sentence)).forEach(err::println);
        err.flush();
    }
}
