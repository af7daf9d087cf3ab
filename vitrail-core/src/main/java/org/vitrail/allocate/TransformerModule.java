package org.vitrail.allocate;

import java.util.List;

/**
 * Layers and products of one model that have their bits together.
 *
 * @param name for people: "block 3 attention"
 * @param parts what it is made of: one part, or several that read a value in common and so share its quantizer
 * @param layers the quantized linear layers, by {@link org.vitrail.block.LinearLayer#output()}
 * @param products the quantized products of attention, by their outputs
 * @param exits the values with which its parts end
 * @param parameters weights of the layers
 */
public record TransformerModule(
        String name,
        List<Part> parts,
        List<String> layers,
        List<String> products,
        List<String> exits,
        long parameters) {

    /** What a part is. */
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
     * @param observed the value Y whose change tells how sensitive it is: the attention map, or the output feature
     */
    public record Part(Kind kind, int block, String observed) {}

    public TransformerModule {
        parts = List.copyOf(parts);
        layers = List.copyOf(layers);
        products = List.copyOf(products);
        exits = List.copyOf(exits);
    }

    /** Whether it has a part of this kind in this block. */
    public boolean has(Kind kind, int block) {
        return parts.stream().anyMatch(part -> part.kind() == kind && part.block() == block);
    }
}
