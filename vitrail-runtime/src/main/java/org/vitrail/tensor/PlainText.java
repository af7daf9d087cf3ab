package org.vitrail.tensor;

/**
 * Makes text from untrusted files safe to print: control characters, which could recolour, clear or forge lines of a
 * terminal, become question marks.
 */
public final class PlainText {
    private PlainText() {}

    /**
     * Returns the text as one line: line breaks become spaces, control and formatting characters question marks, and
     * words and the whole are cut to the lengths of {@link Limits}.
     */
    public static String line(String text) {
        StringBuilder line = new StringBuilder();
        int start = 0;
        while (start < text.length() && line.length() < 2 * Limits.MAX_MESSAGE_LENGTH) {
            int end = start;
            while (end < text.length() && !Character.isWhitespace(text.charAt(end))) {
                end++;
            }
            appendWord(line, text, start, end);
            if (end < text.length()) {
                line.append(' ');
            }
            start = end + 1;
        }
        return line.length() <= Limits.MAX_MESSAGE_LENGTH
                ? line.toString()
                : shortened(line, 0, line.length(), Limits.MAX_MESSAGE_LENGTH);
    }

    private static void appendWord(StringBuilder line, String text, int start, int end) {
        String word = end - start <= Limits.MAX_WORD_LENGTH
                ? text.substring(start, end)
                : shortened(text, start, end, Limits.MAX_WORD_LENGTH);
        word.codePoints().map(point -> isPrintable(point) ? point : '?').forEach(line::appendCodePoint);
    }

    /** Returns the beginning and the end of a part of a text. */
    private static String shortened(CharSequence text, int start, int end, int length) {
        int side = length / 2 - 2;
        return text.subSequence(start, start + side) + "..." + text.subSequence(end - side, end);
    }

    /** Returns whether a character stands for itself: no control, no formatting, no half of a pair. */
    public static boolean isPrintable(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> false;
            default -> true;
        };
    }
}
