package org.vitrail.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Formats a table in plain text: every column as wide as its widest cell, two spaces between columns. */
public final class TextTable {
    private static final String GAP = "  ";

    private final List<Column> columns;
    private final List<List<String>> rows = new ArrayList<>();

    /**
     * One column of the table.
     *
     * @param heading may be empty
     * @param right whether cells are right-aligned, as numbers are
     */
    public record Column(String heading, boolean right) {
        /** Returns a left-aligned column, for words. */
        public static Column left(String heading) {
            return new Column(heading, false);
        }

        /** Returns a right-aligned column, for numbers. */
        public static Column right(String heading) {
            return new Column(heading, true);
        }
    }

    public TextTable(Column... columns) {
        this.columns = List.of(columns);
    }

    /** Adds a row; missing cells at its end stay empty. */
    public TextTable row(String... cells) {
        if (cells.length > columns.size()) {
            throw new IllegalArgumentException(
                    "a row has " + cells.length + " cells, the table " + columns.size() + " columns");
        }
        rows.add(List.of(cells));
        return this;
    }

    /** Returns whether the first line is a heading. */
    public boolean hasHeading() {
        return columns.stream().anyMatch(column -> !column.heading().isEmpty());
    }

    /** Returns the heading, where any column has one, and one line per row, without trailing spaces. */
    public List<String> lines() {
        List<List<String>> all = new ArrayList<>();
        if (hasHeading()) {
            all.add(columns.stream().map(Column::heading).toList());
        }
        all.addAll(rows);
        int[] widths = IntStream.range(0, columns.size())
                .map(c ->
                        all.stream().mapToInt(row -> width(cell(row, c))).max().orElse(0))
                .toArray();
        return all.stream().map(row -> line(row, widths)).toList();
    }

    /** Returns the same as a Markdown table (GitHub's), a heading first. */
    public List<String> markdown() {
        List<List<String>> all = new ArrayList<>();
        all.add(columns.stream().map(Column::heading).toList());
        all.add(columns.stream().map(column -> column.right() ? "---:" : "---").toList());
        all.addAll(rows);
        return all.stream()
                .map(row -> IntStream.range(0, columns.size())
                        .mapToObj(c -> cell(row, c).replace("|", "\\|"))
                        .collect(Collectors.joining(" | ", "| ", " |")))
                .toList();
    }

    private String line(List<String> row, int[] widths) {
        return IntStream.range(0, columns.size())
                .mapToObj(c -> {
                    String cell = cell(row, c);
                    String space = " ".repeat(widths[c] - width(cell));
                    return columns.get(c).right() ? space + cell : cell + space;
                })
                .collect(Collectors.joining(GAP))
                .stripTrailing();
    }

    private static String cell(List<String> row, int column) {
        return column < row.size() ? row.get(column) : "";
    }

    private static int width(String text) {
        return text.codePointCount(0, text.length());
    }
}
