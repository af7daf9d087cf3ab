package org.vitrail.block;

import java.util.List;
import java.util.Optional;

/**
 * A transformer block: its attention (two in a decoder, none in a block that only mixes channels) and its MLP.
 *
 * @param index counted from 0 in data-flow order
 */
public record Block(int index, List<Attention> attentions, Optional<Mlp> mlp) {
    public Block {
        attentions = List.copyOf(attentions);
    }
}
