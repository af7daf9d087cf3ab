package org.vitrail.canonical;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.vitrail.graph.Graph;
import org.vitrail.graph.GraphEditor;
import org.vitrail.graph.Node;
import org.vitrail.shape.Shapes;
import org.vitrail.tensor.VitrailException;

/**
 * Decomposes the operators that ONNX Runtime's optimizers fuse from several: {@code Attention}, {@code
 * SkipLayerNormalization}, {@code BiasGelu} and the others of {@link FusedOperator}. Throws for a fused operator whose
 * form is not in the table.
 */
public final class FusedOperatorDecomposition {
    /** Domains of operators that only an optimizer writes, for the hardware that it ran on. */
    private static final Set<String> HARDWARE_SPECIFIC_DOMAINS = Set.of("com.microsoft.nchwc", "com.ms.internal.nhwc");

    /** Whole attentions, and layers that contain products, for which the table has no decomposition. */
    private static final Set<String> UNSUPPORTED_FUSED_OPERATORS = Set.of(
            "GroupQueryAttention",
            "PackedAttention",
            "PackedMultiHeadAttention",
            "DecoderAttention",
            "DecoderMaskedSelfAttention",
            "DecoderMaskedMultiHeadAttention",
            "LongformerAttention",
            "SparseAttention",
            "PagedAttention",
            "EmbedLayerNormalization",
            "GatedRelativePositionBias",
            "NhwcFusedConv",
            "NhwcConv",
            "MoE");

    private FusedOperatorDecomposition() {}

    /**
     * Returns the same model in standard operators, equal to float rounding.
     *
     * @param file the name of the model in messages
     * @throws VitrailException for a fused operator that cannot be decomposed
     */
    public static Graph takenApart(Graph graph, String file) {
        Graph plain = graph;
        for (Optional<Graph> next = pass(plain); next.isPresent(); next = pass(plain)) {
            plain = next.get();
        }
        refuseFused(plain, file);
        return plain;
    }

    /** Returns the graph with every supported fused operator decomposed; empty where there is none. */
    private static Optional<Graph> pass(Graph graph) {
        if (graph.nodes().stream().noneMatch(node -> FusedOperator.of(node).isPresent())) {
            return Optional.empty();
        }
        GraphEditor editor = new GraphEditor(graph);
        DecompositionBuilder spelling = new DecompositionBuilder(editor, Shapes.infer(graph));
        boolean changed = false;
        for (Node node : graph.nodes()) {
            Optional<FusedOperator> operator = FusedOperator.of(node);
            changed |= operator.isPresent() && operator.get().takeApart(node, spelling);
        }
        return changed ? Optional.of(editor.build()) : Optional.empty();
    }

    private static void refuseFused(Graph graph, String file) {
        Stream<Node> left = graph.nodes().stream()
                .filter(node -> FusedOperator.of(node).isPresent()
                        || HARDWARE_SPECIFIC_DOMAINS.contains(node.domain())
                        || (FusedOperator.isRuntimes(node) && UNSUPPORTED_FUSED_OPERATORS.contains(node.op())));
        left.findFirst().ifPresent(node -> {
            throw new VitrailException(file + " has operators fused into one that cannot be taken apart (node "
                    + node.label() + " is a " + node.domain() + "." + node.op()
                    + "): give the model as it was before a runtime's optimizer fused it");
        });
    }
}
