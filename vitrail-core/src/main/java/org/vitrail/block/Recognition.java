package org.vitrail.block;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.vitrail.graph.Graph;
import org.vitrail.shape.Shapes;
import org.vitrail.tensor.VitrailException;

/**
 * The parts of a transformer that were recognised in a graph.
 *
 * @param layers all linear layers, in graph order
 * @param products all products of two values, in graph order
 * @param norms all norms, in graph order
 * @param activations all activations, in graph order
 * @param blocks attentions and MLPs, in data-flow order
 * @param unrecognised nodes with multiply-adds that fit no part, in graph order
 */
public record Recognition(
        Graph graph,
        List<LinearLayer> layers,
        List<Product> products,
        List<Norm> norms,
        List<Activation> activations,
        List<Block> blocks,
        List<Unrecognised> unrecognised) {
    public Recognition {
        layers = List.copyOf(layers);
        products = List.copyOf(products);
        norms = List.copyOf(norms);
        activations = List.copyOf(activations);
        blocks = List.copyOf(blocks);
        unrecognised = List.copyOf(unrecognised);
    }

    /**
     * Finds the parts of a graph whose constant computations are folded. Throws {@link VitrailException} where there is
     * no attention.
     */
    public static Recognition of(Graph graph) {
        DataFlow wiring = new DataFlow(graph);
        ProductFinder products = new ProductFinder(wiring);
        List<Activation> activations = Activation.find(wiring);
        List<Attention> attentions = new AttentionFinder(wiring, Shapes.infer(graph), products).find();
        if (attentions.isEmpty()) {
            throw refused(graph, products);
        }
        List<Mlp> mlps = new MlpFinder(wiring, products, activations).find();
        List<Block> blocks = new BlockFinder(wiring, products, attentions, mlps).group();
        List<Product> sorted = products.inRoles(attentions);
        return new Recognition(
                graph,
                new LayerRoles(wiring, products, blocks).assign(),
                sorted,
                Norm.find(wiring),
                activations,
                blocks,
                unrecognised(wiring, products, sorted));
    }

    private static VitrailException refused(Graph graph, ProductFinder products) {
        String model = graph.name().isEmpty() ? "the model" : "the model " + graph.name();
        return products.fusedAttention()
                .map(node -> new VitrailException(model + " has attention fused into one operator (" + node.label()
                        + ", " + node.op() + "): give the model as it was before a runtime's optimizer fused it"))
                .orElseGet(() -> new VitrailException(model + " has no transformer block (no softmax stands between two"
                        + " matrix products): give a vision transformer"));
    }

    private static List<Unrecognised> unrecognised(DataFlow wiring, ProductFinder products, List<Product> sorted) {
        Stream<Unrecognised> loose = sorted.stream()
                .filter(product -> product.role() == Product.Role.OTHER)
                .map(product -> new Unrecognised(product.node(), products.reason(product)));
        return Stream.concat(products.unrecognised().stream(), loose)
                .sorted(Comparator.comparingInt(part -> wiring.position(part.node())))
                .toList();
    }

    /** Returns all attentions, block by block. */
    public List<Attention> attentions() {
        return blocks.stream().flatMap(block -> block.attentions().stream()).toList();
    }

    /** Returns the linear layer with this {@link LinearLayer#output()}; throws where there is none. */
    public LinearLayer layer(String output) {
        return layers.stream()
                .filter(layer -> layer.output().equals(output))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no linear layer makes " + output));
    }
}
