package org.vitrail.report;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.vitrail.verify.AttentionRankPreservation;
import org.vitrail.verify.DeploymentCheck;
import org.vitrail.verify.RelativeError;
import org.vitrail.verify.TaskMetrics;
import org.vitrail.verify.Verdict;

/**
 * The result of a quantization, as the command line shows it.
 *
 * @param task the model's task
 * @param images the source of the images
 * @param mixedPrecision the bits of each module, in mixed precision
 * @param blocks number of transformer blocks
 * @param quantizedLayers number of linear layers with quantized weights and inputs
 * @param products the products of attention
 * @param floatLayers linear layers that stay float, with the reason
 * @param unrecognised number of nodes with multiply-adds that stay float because they fit no part
 * @param remarks notes on unusual parts
 * @param deployment the exported file compared with the simulation, on held-back images
 * @param metrics metrics of the task, compared with the float model, on held-back images
 * @param outputErrors error of each output, relative to the float model's, on the same images
 * @param saturationProved whether it is proved that no 8-bit product can saturate on any CPU
 * @param attentionOrder how well the order of attention scores is preserved, on a few held-back images
 * @param usage time and memory of the run
 */
public record QuantizationReport(
        File input,
        File output,
        String task,
        String preprocessing,
        String preprocessingOrigin,
        Images images,
        Settings settings,
        Optional<AllocationReport> mixedPrecision,
        int blocks,
        int quantizedLayers,
        Products products,
        List<String> floatLayers,
        int unrecognised,
        List<String> remarks,
        DeploymentCheck deployment,
        TaskMetrics metrics,
        List<RelativeError> outputErrors,
        Verdict verdict,
        boolean saturationProved,
        List<AttentionRankPreservation> attentionOrder,
        Usage usage) {

    /** Largest number of heads that are listed one by one; more are summarized. */
    private static final int MAX_LISTED_HEADS = 4;

    /** A model file. */
    public record File(String path, long bytes) {}

    /** The images that were used; {@code broken} has one sentence for each that could not be read. */
    public record Images(String source, int calibration, long heldBack, List<String> broken) {}

    /**
     * The quantized products of attention.
     *
     * @param quantized number of quantized products
     * @param perHead number of these with a clipping range per head
     */
    public record Products(int quantized, int perHead) {}

    /** The user's settings, in the words of the command line. */
    public record Settings(String bits, String preset, String attention, String target, long seed, int threads) {}

    /**
     * The time and memory of a run.
     *
     * @param seconds from the float model to the verified one
     * @param peakHeapBytes upper bound of the Java heap in use
     * @param peakMemoryBytes peak of the whole process; empty where the system does not report it
     */
    public record Usage(double seconds, long peakHeapBytes, OptionalLong peakMemoryBytes) {}

    public QuantizationReport {
        floatLayers = List.copyOf(floatLayers);
        remarks = List.copyOf(remarks);
        attentionOrder = List.copyOf(attentionOrder);
        outputErrors = List.copyOf(outputErrors);
    }

    /** Returns what was recognised and quantized in the model, one sentence each. */
    public List<String> found() {
        return Stream.of(
                        Stream.of(Units.plural(blocks, "block") + ": " + Units.plural(quantizedLayers, "linear layer")
                                + " quantized "
                                + mixedPrecision.map(AllocationReport::sentence).orElse(settings.bits)),
                        attention(),
                        remarks.stream(),
                        floatLayers.stream().map(layer -> layer + ", stays float"),
                        unrecognised == 0
                                ? Stream.<String>empty()
                                : Stream.of(Units.plural(unrecognised, "part was", "parts were")
                                        + " not recognised and stay float (vitrail inspect names them)"))
                .flatMap(sentences -> sentences)
                .toList();
    }

    /** Returns a sentence where the quantized file is larger than the original. */
    public Optional<String> growth() {
        return output.bytes > input.bytes
                ? Optional.of(
                        "the quantized file is larger than the original, " + Units.bytes(output.bytes) + " instead of "
                                + Units.bytes(input.bytes) + ": fewer bits (--bits) or --compress make it smaller")
                : Optional.empty();
    }

    private Stream<String> attention() {
        return settings.attention.equals("float")
                ? Stream.of("attention products stay float: integers bring them no speed")
                : Stream.of(Units.plural(products.quantized, "attention product")
                        + " quantized too, one clipping range per layer"
                        + (products.perHead == 0
                                ? ""
                                : ", one per head in " + products.perHead
                                        + " of them (where operands have an axis of heads)"));
    }

    /** Returns the sentence that explains {@link #attentionTable()}. */
    public String attentionSentence() {
        return "Attention scores, quantized against float: how many pairs of scores in a row keep their order, and how"
                + " many of a row's " + AttentionRankPreservation.TOP_K_COLUMNS + " largest stay among the "
                + AttentionRankPreservation.TOP_K_COLUMNS
                + " largest; 100 % is the order of the float model.";
    }

    /** Returns a table of how well the order of attention scores is preserved, one row per attention. */
    public TextTable attentionTable() {
        TextTable table = new TextTable(
                TextTable.Column.left("Attention"),
                TextTable.Column.right("pairs kept"),
                TextTable.Column.right("top " + AttentionRankPreservation.TOP_K_COLUMNS + " kept"),
                TextTable.Column.left("pairs kept in each head"));
        for (AttentionRankPreservation order : attentionOrder) {
            table.row(
                    order.attention(),
                    Units.percent(order.pairs()),
                    Units.percent(order.top()),
                    order.heads().size() > MAX_LISTED_HEADS
                            ? Units.percent(order.worstHead()) + " at least"
                            : order.heads().stream()
                                    .map(head -> Units.percent(head.pairs()))
                                    .collect(Collectors.joining(" ")));
        }
        return table;
    }

    /** Returns the agreement with the float model, by the figures of its task. */
    public String closeness() {
        Stream<String> errors =
                outputErrors.stream().map(error -> "error of " + error.layer() + " " + Units.percent(error.relative()));
        return Stream.concat(
                        metrics.figures().stream()
                                .filter(figure -> figure.value().isPresent())
                                .map(figure -> figure.name() + " " + Units.figure(figure)),
                        errors)
                .collect(Collectors.joining(", "));
    }

    /** Returns in one sentence whether the exported file computes what the simulation computed. */
    public String deploymentSentence() {
        return deployment.differingPredictions() == 0
                ? "the same prediction as the simulation on all " + deployment.examples()
                        + " held-back pictures, largest difference " + Units.digits(deployment.largestDifference())
                : deployment.differingPredictions() + " of " + deployment.examples()
                        + " predictions differ from the simulation, largest difference "
                        + Units.digits(deployment.largestDifference());
    }
}
