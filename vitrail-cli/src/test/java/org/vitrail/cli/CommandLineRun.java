package org.vitrail.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;

/**
 * One run of the command line within this process.
 *
 * @param out what it printed
 * @param err what it complained of
 */
record CommandLineRun(int exitCode, String out, String err) {
    static CommandLineRun of(Object... arguments) {
        return in(System.getenv(), arguments);
    }

    /** With other variables in the environment. */
    static CommandLineRun in(Map<String, String> environment, Object... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String[] words = new String[arguments.length];
        for (int i = 0; i < words.length; i++) {
            words[i] = arguments[i].toString();
        }
        int exitCode =
                Main.run(Terminal.plain(new PrintWriter(out, true), new PrintWriter(err, true)), environment, words);
        return new CommandLineRun(exitCode, out.toString(), err.toString());
    }
}
