package org.vitrail.cli;

import java.util.ArrayList;
import java.util.List;

/** Breaks text between words. */
final class Wrap {
    private Wrap() {}

    /** The text in lines of at most {@code width} characters, longer words apart; one line at least. */
    static List<String> lines(String text, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ", -1)) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
