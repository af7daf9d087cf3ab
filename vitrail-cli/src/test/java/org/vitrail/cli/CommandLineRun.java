package org.vitrail.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;

/**
 * One run of the command line within this process, with an empty environment and a terminal on which no line is too
 * long: what is printed depends neither on the user's variables nor on the lengths of paths.
 *
 * @param out what it printed
 * @param err what it complained of
 */
record CommandLineRun(int exitCode, String out, String err) {
    private static final int UNLIMITED_COLUMNS = 100_000;

    static CommandLineRun of(Object... arguments) {
        return in(Map.of(), arguments);
    }

    /** With variables in the environment. */
    static CommandLineRun in(Map<String, String> environment, Object... arguments) {
        return run(UNLIMITED_COLUMNS, environment, arguments);
    }

    /** On a terminal of another width. */
    static CommandLineRun wrappedAt(int columns, Object... arguments) {
        return run(columns, Map.of(), arguments);
    }

    private static CommandLineRun run(int columns, Map<String, String> environment, Object... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String[] words = new String[arguments.length];
        for (int i = 0; i < words.length; i++) {
            words[i] = arguments[i].toString();
        }
        Terminal terminal = Terminal.plain(new PrintWriter(out, true), new PrintWriter(err, true), columns);
        int exitCode = Main.run(terminal, environment, words);
        return new CommandLineRun(exitCode, out.toString(), err.toString());
    }
}
