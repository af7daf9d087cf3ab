package org.vitrail.cli;

/** Colours text with ANSI codes, or leaves it plain. */
record AnsiColours(boolean colours) {
    String bold(String text) {
        return in("1", text);
    }

    String faint(String text) {
        return in("2", text);
    }

    String good(String text) {
        return in("32", text);
    }

    String warning(String text) {
        return in("1;33", text);
    }

    String bad(String text) {
        return in("1;31", text);
    }

    String accent(String text) {
        return in("36", text);
    }

    private String in(String code, String text) {
        return colours && !text.isEmpty() ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
