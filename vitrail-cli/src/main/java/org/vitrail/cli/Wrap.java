package org.vitrail.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Breaks text between words. */
final class Wrap {
    private Wrap() {}

    private static final Pattern COLOUR = Pattern.compile("\u001b\\[[0-9;]*m");

    /** The text in lines of at most {@code width} characters, longer words apart; one line at least. */
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

    /** Characters that are seen. */
    private static int width(CharSequence text) {
        return COLOUR.matcher(text).replaceAll("").length();
    }
}
