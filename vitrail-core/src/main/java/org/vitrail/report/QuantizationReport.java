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
 * What a quantization did, as the command line shows it.
 *
 * @param task what the model is for
 * @param images where the pictures came from
 * @param mixedPrecision the bits of each module, where they have their own
 * @param blocks transformer blocks
 * @param quantizedLayers linear layers with quantized weights and inputs
 * @param products of attention
 * @param floatLayers linear layers that stay float, and why
 * @param unrecognised nodes that multiply and stay float because they fit no part
 * @param remarks parts that are out of the ordinary
 * @param deployment the file against the simulation, on held-back pictures
 * @param metrics of the task, against the float model, on held-back pictures
 * @param outputErrors of each output, relative to the float model's, on the same
 * @param saturationProved whether no 8-bit product can saturate on any CPU
 * @param attentionOrder how much of the order of attention scores is kept, on a few held-back pictures
 * @param usage what the run took
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

    /** More heads than this are summed up where people read. */
    private static final int MAX_LISTED_HEADS = 4;

    /** A model file. */
    public record File(String path, long bytes) {}

    /** Which pictures were used; {@code broken} has a sentence for each that could not be read. */
    public record Images(String source, int calibration, long heldBack, List<String> broken) {}

    /**
     * The products of attention.
     *
     * @param quantized how many are quantized
     * @param perHead how many of these have an interval for each head
     */
    public record Products(int quantized, int perHead) {}

    /** What the user chose, in the words of the command line. */
    public record Settings(String bits, String preset, String attention, String target, long seed, int threads) {}

    /**
     * What the run took.
     *
     * @param seconds from the float model to the verified one
     * @param peakHeapBytes no more than this of the Java heap was ever in use
     * @param peakMemoryBytes of the whole process; empty where the system does not tell
     */
    public record Usage(double seconds, long peakHeapBytes, OptionalLong peakMemoryBytes) {}

    public QuantizationReport {
        floatLayers = List.copyOf(floatLayers);
        remarks = List.copyOf(remarks);
        attentionOrder = List.copyOf(attentionOrder);
        outputErrors = List.copyOf(outputErrors);
    }

    /** What was found in the model, a sentence each. */
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

    private Stream<String> attention() {
        return settings.attention.equals("float")
                ? Stream.of("attention products stay float: integers bring them no speed")
                : Stream.of(
                        Units.plural(products.quantized, "attention product") + " quantized too, one interval a layer"
                                + (products.perHead == 0
                                        ? ""
                                        : ", a head in " + products.perHead
                                                + " of them (where operands have an axis of heads)"));
    }

    /** What {@link #attentionTable()} shows. */
    public String attentionSentence() {
        return "Attention scores, quantized against float: how many pairs of scores in a row keep their order, and how"
                + " many of a row's " + AttentionRankPreservation.TOP_K_COLUMNS + " largest stay among the "
                + AttentionRankPreservation.TOP_K_COLUMNS
                + " largest; 100 % is the order of the float model.";
    }

    /** How much of the order of attention scores is kept, a row an attention. */
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

    /** How close the result is to the float model, by the figures of its task. */
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

    /** Whether the file does what the simulation promised, in one sentence. */
    public String deploymentSentence() {
        return deployment.differingPredictions() == 0
                ? "the same prediction as the simulation on all " + deployment.examples()
                        + " held-back pictures, largest difference " + Units.digits(deployment.largestDifference())
                : deployment.differingPredictions() + " of " + deployment.examples()
                        + " predictions differ from the simulation, largest difference "
                        + Units.digits(deployment.largestDifference());
    }
}
