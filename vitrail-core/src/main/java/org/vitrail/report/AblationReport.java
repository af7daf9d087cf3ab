package org.vitrail.report;

import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.vitrail.report.TextTable.Column;

/**
 * The paper's two tables for one model: methods side by side, and the paper's method taken apart. Holds nothing that
 * differs from one run to the next on one machine.
 *
 * @param model its file
 * @param modelSha256 of its structure and weights
 * @param tool name, version and build
 * @param images what was calibrated and evaluated on
 * @param attentionQuantized whether the products of attention are quantized
 * @param edgeBits fewest bits of the patch embedding and the head
 * @param original the float model
 * @param cells what was measured, in the order of the tables: width by width
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

    /** The pictures; {@code broken} has a sentence for each that could not be read. */
    public record Images(int calibration, long seed, int evaluation, String sha256, List<String> broken) {
        public Images {
            broken = List.copyOf(broken);
        }
    }

    /**
     * The float model.
     *
     * @param top1 share of the labelled pictures whose class came first; empty without labels
     * @param bytes of its files
     */
    public record Original(OptionalDouble top1, long bytes) {}

    public AblationReport {
        cells = List.copyOf(cells);
    }

    /** Methods side by side. */
    public TextTable methods() {
        TextTable table =
                new TextTable(Stream.concat(Stream.of(Column.left("bits"), Column.left("method")), FIGURES.stream())
                        .toArray(Column[]::new));
        table.row("", "float", top1(original.top1), "", "", Units.bytes(original.bytes), "", "");
        cells.stream()
                .filter(cell -> cell.row().isMethod())
                .forEach(cell -> table.row(
                        Stream.concat(Stream.of(cell.bits(), cell.row().label()), figures(cell))
                                .toArray(String[]::new)));
        return table;
    }

    /** The paper's method taken apart. */
    public TextTable components() {
        List<Component> parts = List.of(Component.values());
        TextTable table = new TextTable(Stream.of(
                        Stream.of(Column.left("bits")),
                        parts.stream().map(part -> Column.left(part.label())),
                        Stream.of(Column.left(BITS_BY)),
                        FIGURES.stream())
                .flatMap(columns -> columns)
                .toArray(Column[]::new));
        cells.stream()
                .filter(cell -> !cell.row().components().isEmpty())
                .forEach(cell -> table.row(Stream.of(
                                Stream.of(cell.bits()),
                                parts.stream()
                                        .map(part -> cell.row().components().contains(part) ? "✓" : ""),
                                Stream.of(cell.row().bitsBy().orElse("")),
                                figures(cell))
                        .flatMap(text -> text)
                        .toArray(String[]::new)));
        return table;
    }

    private static final String BITS_BY = "mixed precision by";

    private static final List<Column> FIGURES = Stream.of(
                    "top-1", "agreement", "mean KL", "file", "compressed", "nominal")
            .map(Column::right)
            .toList();

    private static Stream<String> figures(AblationCell cell) {
        return Stream.of(
                top1(cell.top1()),
                Units.percent(cell.agreement()),
                Units.digits(cell.meanKlNats()),
                Units.bytes(cell.bytes()),
                cell.compressedBytes().isPresent()
                        ? Units.bytes(cell.compressedBytes().getAsLong())
                        : "",
                Units.bytes(cell.nominalBytes()));
    }

    private static String top1(OptionalDouble share) {
        return share.isPresent() ? Units.percent(share.getAsDouble()) : "";
    }

    /** What the tables need to be understood, a sentence or two each. */
    public List<String> notes() {
        return List.of(
                "Calibrated on " + Units.plural(images.calibration, "picture") + " (seed " + images.seed
                        + "), measured on " + images.evaluation
                        + "; agreement and KL(float || quantized) in nats compare"
                        + " with the float model on the same pictures.",
                "All methods quantize the same parts: every linear layer's weight and input, the attention products "
                        + (attentionQuantized ? "too" : "not") + "; the patch embedding and the head at no"
                        + " fewer than " + edgeBits + " bits.",
                "File: the ONNX file as it is written; codes take the next larger type that ONNX has. Compressed:"
                        + " the same as a Zstandard archive, which quantize --compress writes. Nominal: the float file ×"
                        + " weight bits / 32, as in the paper.");
    }

    /** The tables with what they need to be understood, as Markdown; {@code foot} is what the run knows of itself. */
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

    /** {@link #methods()} with figures as they are: shares from 0 to 1, sizes in bytes. */
    public String methodsCsv() {
        return CsvReport.of(
                plus(List.of("bits", "method"), PLAIN_FIGURES),
                cells.stream()
                        .filter(cell -> cell.row().isMethod())
                        .map(cell -> plus(List.of(cell.bits(), cell.row().label()), plainFigures(cell)))
                        .toList());
    }

    /** {@link #components()} with figures as they are, and true or false for each part of the method. */
    public String componentsCsv() {
        List<Component> parts = List.of(Component.values());
        return CsvReport.of(
                plus(
                        plus(
                                List.of("bits"),
                                parts.stream().map(Component::label).toList()),
                        plus(List.of(BITS_BY), PLAIN_FIGURES)),
                cells.stream()
                        .filter(cell -> !cell.row().components().isEmpty())
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
            List.of("top1", "agreement", "meanKlNats", "bytes", "compressedBytes", "nominalBytes");

    private static List<Object> plainFigures(AblationCell cell) {
        Object top1 = cell.top1().isPresent() ? cell.top1().getAsDouble() : "";
        Object compressed =
                cell.compressedBytes().isPresent() ? cell.compressedBytes().getAsLong() : "";
        return List.of(top1, cell.agreement(), cell.meanKlNats(), cell.bytes(), compressed, cell.nominalBytes());
    }

    private static List<Object> plus(List<?> first, List<?> second) {
        return Stream.concat(first.stream(), second.stream()).collect(Collectors.toUnmodifiableList());
    }
}
