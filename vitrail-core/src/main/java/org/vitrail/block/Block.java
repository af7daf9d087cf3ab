package org.vitrail.block;

import java.util.List;
import java.util.Optional;

/**
 * A transformer block: attention (two of them in a decoder, none in a block that only mixes channels) and its MLP.
 *
 * @param index from 0 in the order of the data
 */
public record Block(int index, List<Attention> attentions, Optional<Mlp> mlp) {
    public Block {
        attentions = List.copyOf(attentions);
    }
}
