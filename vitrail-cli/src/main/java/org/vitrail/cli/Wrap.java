package org.vitrail.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Wraps text between words. */
final class Wrap {
    private Wrap() {}

    private static final Pattern COLOUR = Pattern.compile("\u001b\\[[0-9;]*m");

    /** Returns the text in at least one line of at most {@code width} characters; a longer word is a line by itself. */
    static List<String> lines(String text, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ", -1)) {
            if (!line.isEmpty() && width(line) + 1 + width(word) > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }

    /** Returns the number of visible characters. */
    private static int width(CharSequence text) {
        return COLOUR.matcher(text).replaceAll("").length();
    }
}
