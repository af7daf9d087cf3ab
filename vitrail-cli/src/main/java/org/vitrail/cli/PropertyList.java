package org.vitrail.cli;

import java.util.ArrayList;
import java.util.List;

/** Formats properties as rows of a name and a text, with the texts aligned. */
final class PropertyList {
    /** Width of the names, so that several lists are aligned. */
    private static final int DEFAULT_WIDTH = "Preprocessing".length();

    private final CommonOptions common;
    private final List<String[]> facts = new ArrayList<>();

    PropertyList(CommonOptions common) {
        this.common = common;
    }

    PropertyList add(String name, String text) {
        facts.add(new String[] {name, text});
        return this;
    }

    /** Adds several texts under one name. */
    PropertyList add(String name, List<String> texts) {
        String label = name;
        for (String text : texts) {
            add(label, text);
            label = "";
        }
        return this;
    }

    /** Prints the properties; texts that are too long for the terminal are wrapped. */
    void print() {
        int width = facts.stream().mapToInt(fact -> fact[0].length()).reduce(DEFAULT_WIDTH, Math::max);
        int room = Math.max(30, common.terminal().columns() - width - 3);
        for (String[] fact : facts) {
            String label = common.paint().faint(fact[0]) + " ".repeat(width - fact[0].length());
            for (String line : Wrap.lines(fact[1], room)) {
                common.say(label + "  " + line);
                label = " ".repeat(width);
            }
        }
    }
}
