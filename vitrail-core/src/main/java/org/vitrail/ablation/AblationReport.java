package org.vitrail.ablation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.vitrail.report.CsvReport;
import org.vitrail.report.TextTable;
import org.vitrail.report.TextTable.Column;
import org.vitrail.report.Units;

/**
 * The paper's two tables for one model: methods compared, and the components of the paper's method. Contains nothing
 * that differs between runs on one machine.
 *
 * <p>With more than one draw of calibration images, a row holds means over the draws.
 *
 * @param model the model's file
 * @param modelSha256 hash of its structure and weights
 * @param tool name, version and build of the tool
 * @param images the calibration and evaluation images
 * @param attentionQuantized whether the products of attention are quantized
 * @param edgeBits fewest bits of the patch embedding and the head
 * @param original the float model
 * @param cells the measurements, in the order of the tables: by width, row and draw
 */
public record AblationReport(
        String model,
        String modelSha256,
        String tool,
        Images images,
        boolean attentionQuantized,
        int edgeBits,
        Original original,
        List<AblationCell> cells) {

    /**
     * The images of an ablation.
     *
     * @param calibration number of calibration images in each draw
     * @param broken one sentence for each image that could not be read
     */
    public record Images(int calibration, List<Draw> draws, int evaluation, List<String> broken) {
        public Images {
            draws = List.copyOf(draws);
            broken = List.copyOf(broken);
        }
    }

    /** One draw of calibration images, with the hash of these and of the evaluation images. */
    public record Draw(long seed, String sha256) {}

    /**
     * The float model.
     *
     * @param top1 share of the labelled images whose class came first; empty without labels
     * @param bytes size of its files
     */
    public record Original(OptionalDouble top1, long bytes) {}

    public AblationReport {
        cells = List.copyOf(cells);
    }

    /** Returns the table of methods. */
    public TextTable methods() {
        TextTable table = table(Stream.of("bits", "method"));
        table.row(Stream.concat(
                        Stream.of("", "float"),
                        shown(List.of(top1(original.top1), "", "", "", Units.bytes(original.bytes), "", "")))
                .toArray(String[]::new));
        fill(table, AblationCell.Row::isMethod, row -> Stream.of(row.label()));
        return table;
    }

    /** Returns the table of the components of the paper's method. */
    public TextTable components() {
        List<Component> parts = List.of(Component.values());
        TextTable table = table(Stream.of(Stream.of("bits"), parts.stream().map(Component::label), Stream.of(BITS_BY))
                .flatMap(headings -> headings));
        fill(
                table,
                AblationReport::hasComponents,
                row -> Stream.concat(
                        parts.stream().map(part -> row.components().contains(part) ? "✓" : ""),
                        Stream.of(row.bitsBy().orElse(""))));
        return table;
    }

    private static final String BITS_BY = "mixed precision by";

    private static final String AGAINST_FIRST = "KL against first row";

    private static final List<String> FIGURES =
            List.of("top-1", "agreement", "mean KL", AGAINST_FIRST, "file", "compressed", "nominal");

    private TextTable table(Stream<String> words) {
        return new TextTable(
                Stream.concat(words.map(Column::left), shown(FIGURES).map(Column::right))
                        .toArray(Column[]::new));
    }

    private void fill(
            TextTable table, Predicate<AblationCell.Row> has, Function<AblationCell.Row, Stream<String>> words) {
        Map<String, AblationRow> firsts = new HashMap<>();
        for (AblationRow row : AblationRow.of(cells)) {
            if (has.test(row.row())) {
                AblationRow first = firsts.computeIfAbsent(row.bits(), bits -> row);
                table.row(Stream.of(Stream.of(row.bits()), words.apply(row.row()), shown(figures(row, first)))
                        .flatMap(text -> text)
                        .toArray(String[]::new));
            }
        }
    }

    private static List<String> figures(AblationRow row, AblationRow first) {
        return List.of(
                top1(row.top1()),
                Units.percent(row.agreement()),
                row.meanKl(),
                row.equals(first) ? "" : row.klAgainst(first),
                Units.bytes(row.bytes()),
                row.compressedBytes().isPresent()
                        ? Units.bytes(row.compressedBytes().getAsLong())
                        : "",
                Units.bytes(row.nominalBytes()));
    }

    /** Returns the figures in the tables; a single draw has no differences between rows. */
    private Stream<String> shown(List<String> figures) {
        return IntStream.range(0, FIGURES.size())
                .filter(i -> hasDraws() || !FIGURES.get(i).equals(AGAINST_FIRST))
                .mapToObj(figures::get);
    }

    private boolean hasDraws() {
        return images.draws.size() > 1;
    }

    private static boolean hasComponents(AblationCell.Row row) {
        return !row.components().isEmpty();
    }

    private static String top1(OptionalDouble share) {
        return share.isPresent() ? Units.percent(share.getAsDouble()) : "";
    }

    /** Returns the notes that explain the tables, one or two sentences each. */
    public List<String> notes() {
        List<String> notes = new ArrayList<>();
        notes.add(calibration() + ", measured on " + images.evaluation
                + "; agreement and KL(float || quantized) in nats compare with the float model on the same pictures.");
        if (hasDraws()) {
            notes.add(AGAINST_FIRST + ": how far KL lies above or below that of the table's first row at the same width"
                    + " and with the same calibration pictures, on average, and in how many choices it lies below.");
        }
        notes.add("All methods quantize the same parts: every linear layer's weight and input, the attention products "
                + (attentionQuantized ? "too" : "not") + "; the patch embedding and the head at no"
                + " fewer than " + edgeBits + " bits.");
        notes.add("File: the ONNX file as it is written; codes take the next larger type that ONNX has. Compressed:"
                + " the same as a Zstandard archive, which quantize --compress writes. Nominal: the float file ×"
                + " weight bits / 32, as in the paper.");
        return List.copyOf(notes);
    }

    private String calibration() {
        long first = images.draws.getFirst().seed;
        return hasDraws()
                ? "Means over " + images.draws.size() + " choices of "
                        + Units.plural(images.calibration, "calibration picture") + " (seeds " + first + " to "
                        + images.draws.getLast().seed + "), ± their standard deviation"
                : "Calibrated on " + Units.plural(images.calibration, "picture") + " (seed " + first + ")";
    }

    /** Returns the tables with their notes, as Markdown; {@code foot} describes the run. */
    public String markdown(List<String> foot) {
        StringBuilder text = new StringBuilder("# Quantizing " + model + "\n");
        section(text, "Methods", methods());
        section(text, "Components of the paper's method", components());
        Stream.concat(notes().stream(), foot.stream())
                .forEach(note -> text.append('\n').append(note).append('\n'));
        return text.toString();
    }

    private static void section(StringBuilder text, String title, TextTable table) {
        List<String> lines = table.markdown();
        if (lines.size() > 2) {
            text.append("\n## ").append(title).append("\n\n");
            lines.forEach(line -> text.append(line).append('\n'));
        }
    }

    /** Returns {@link #methods()} with unformatted figures: shares from 0 to 1, sizes in bytes. */
    public String methodsCsv() {
        return CsvReport.of(
                plus(List.of("bits", "method"), PLAIN_FIGURES),
                cells.stream()
                        .filter(cell -> cell.row().isMethod())
                        .map(cell -> plus(List.of(cell.bits(), cell.row().label()), plainFigures(cell)))
                        .toList());
    }

    /** Returns {@link #components()} with unformatted figures, and true or false for each component of the method. */
    public String componentsCsv() {
        List<Component> parts = List.of(Component.values());
        return CsvReport.of(
                plus(
                        plus(
                                List.of("bits"),
                                parts.stream().map(Component::label).toList()),
                        plus(List.of(BITS_BY), PLAIN_FIGURES)),
                cells.stream()
                        .filter(cell -> hasComponents(cell.row()))
                        .map(cell -> plus(
                                plus(
                                        List.of(cell.bits()),
                                        parts.stream()
                                                .map(part ->
                                                        cell.row().components().contains(part))
                                                .toList()),
                                plus(List.of(cell.row().bitsBy().orElse("")), plainFigures(cell))))
                        .toList());
    }

    private static final List<String> PLAIN_FIGURES =
            List.of("seed", "top1", "agreement", "meanKlNats", "bytes", "compressedBytes", "nominalBytes");

    private static List<Object> plainFigures(AblationCell cell) {
        Object top1 = cell.top1().isPresent() ? cell.top1().getAsDouble() : "";
        Object compressed =
                cell.compressedBytes().isPresent() ? cell.compressedBytes().getAsLong() : "";
        return List.of(
                cell.seed(), top1, cell.agreement(), cell.meanKlNats(), cell.bytes(), compressed, cell.nominalBytes());
    }

    private static List<Object> plus(List<?> first, List<?> second) {
        return Stream.concat(first.stream(), second.stream()).collect(Collectors.toUnmodifiableList());
    }
}
