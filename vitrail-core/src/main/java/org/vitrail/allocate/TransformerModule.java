package org.vitrail.allocate;

import java.util.List;

/**
 * A module: the layers and products of a model that share one bit width.
 *
 * @param name the name in messages: "block 3 attention"
 * @param parts its parts: one, or several that read a common value and so share its quantizer
 * @param layers the quantized linear layers, by {@link org.vitrail.block.LinearLayer#output()}
 * @param products the quantized products of attention, by their outputs
 * @param exits the output values of its parts
 * @param parameters number of weights of the layers
 */
public record TransformerModule(
        String name,
        List<Part> parts,
        List<String> layers,
        List<String> products,
        List<String> exits,
        long parameters) {

    /** The kind of a part. */
    public enum Kind {
        ATTENTION("attention"),
        MLP("MLP");

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        public String label() {
            return label;
        }
    }

    /**
     * An attention or an MLP.
     *
     * @param block index of its block
     * @param observed the value Y on which the sensitivity is measured: the attention map, or the output feature
     */
    public record Part(Kind kind, int block, String observed) {}

    public TransformerModule {
        parts = List.copyOf(parts);
        layers = List.copyOf(layers);
        products = List.copyOf(products);
        exits = List.copyOf(exits);
    }

    /** Returns whether it has a part of this kind in this block. */
    public boolean has(Kind kind, int block) {
        return parts.stream().anyMatch(part -> part.kind() == kind && part.block() == block);
    }
}
