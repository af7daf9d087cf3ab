package org.vitrail.cli;

import java.util.regex.Pattern;
import org.vitrail.tensor.PlainText;

/** Prepares a line of output that may hold names from untrusted files. */
final class SafeLine {
    /** A colour or typeface, as {@link AnsiColours} writes it. */
    private static final Pattern STYLE = Pattern.compile("\u001b\\[[0-9;]{0,12}m");

    private SafeLine() {}

    /** Replaces control and formatting characters other than colours and line breaks by question marks. */
    static String of(String line) {
        StringBuilder safe = new StringBuilder(line.length());
        var styles = STYLE.matcher(line);
        int at = 0;
        while (styles.find()) {
            append(safe, line.substring(at, styles.start()));
            safe.append(styles.group());
            at = styles.end();
        }
        return append(safe, line.substring(at)).toString();
    }

    private static StringBuilder append(StringBuilder safe, String text) {
        text.codePoints()
                .map(point -> point == '\n' || PlainText.isPrintable(point) ? point : '?')
                .forEach(safe::appendCodePoint);
        return safe;
    }
}
