package org.vitrail.block;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.vitrail.graph.Graph;

/**
 * The parts of a model with their parameters and multiply-adds for one image.
 *
 * @param parts linear layers, products and norms in graph order, then all other constants as one part
 */
public record Inspection(Recognition recognition, List<InspectedPart> parts) {
    public Inspection {
        parts = List.copyOf(parts);
    }

    /** Returns the parts of a recognised graph; a symbolic batch is taken to be 1. */
    public static Inspection of(Recognition recognition) {
        return of(recognition, graph -> graph);
    }

    /**
     * As {@link #of(Recognition)}.
     *
     * @param sized gives the inputs of the graph the extents that a run gives them
     */
    public static Inspection of(Recognition recognition, UnaryOperator<Graph> sized) {
        return new Inspection(recognition, new Inspector(recognition, sized).parts());
    }

    /**
     * Returns the multiply-adds of each linear layer and convolution for one image, by {@link LinearLayer#output()};
     * layers of unknown shape are left out.
     */
    public static Map<String, Long> multiplyAdds(Recognition recognition) {
        return new Inspector(recognition, graph -> graph).layers();
    }

    /** Returns the number of parameters: the elements of all floating-point constants of the model. */
    public long parameters() {
        return parts.stream().mapToLong(InspectedPart::parameters).sum();
    }

    /** Returns the multiply-adds of all products and convolutions of known shape, for one image. */
    public long multiplyAdds() {
        return parts.stream().mapToLong(part -> part.multiplyAdds().orElse(0)).sum();
    }
}
