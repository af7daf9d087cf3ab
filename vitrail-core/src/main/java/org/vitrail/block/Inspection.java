package org.vitrail.block;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What a model consists of, part by part, for one picture.
 *
 * @param parts linear layers, products and norms in graph order, then all other constants as one part
 */
public record Inspection(Recognition recognition, List<Part> parts) {

    /**
     * One line of the table.
     *
     * @param place the block, or "" outside of blocks
     * @param node the node as people find it in the file
     * @param shape extents in and out for one picture, "?" where they are not known
     * @param multiplyAdds for one picture; empty where shapes are not known
     * @param note what else there is to say: heads, scales, masks, activation
     */
    public record Part(
            String place,
            String role,
            String node,
            String shape,
            long parameters,
            OptionalLong multiplyAdds,
            String note) {}

    public Inspection {
        parts = List.copyOf(parts);
    }

    /** The parts of a recognised graph; a symbolic batch is taken to be 1. */
    public static Inspection of(Recognition recognition) {
        return new Inspection(recognition, new Inspector(recognition).parts());
    }

    /**
     * The multiply-adds of each linear layer and convolution for one picture, by {@link LinearLayer#output()}; those
     * whose shape is not known are left out.
     */
    public static Map<String, Long> multiplyAdds(Recognition recognition) {
        return new Inspector(recognition).layers();
    }

    /** All parameters: elements of the model's floating-point constants. */
    public long parameters() {
        return parts.stream().mapToLong(Part::parameters).sum();
    }

    /** All multiply-adds of products and convolutions for one picture, as far as they are known. */
    public long multiplyAdds() {
        return parts.stream().mapToLong(part -> part.multiplyAdds().orElse(0)).sum();
    }
}
