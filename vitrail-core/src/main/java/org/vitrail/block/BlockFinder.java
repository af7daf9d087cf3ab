package org.vitrail.block;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.vitrail.graph.Node;

/** Groups attentions and MLPs into blocks, numbered in data-flow order. */
final class BlockFinder {
    private final DataFlow wiring;
    private final ProductFinder products;
    private final List<Attention> attentions;
    private final List<Mlp> mlps;

    BlockFinder(DataFlow wiring, ProductFinder products, List<Attention> attentions, List<Mlp> mlps) {
        this.wiring = wiring;
        this.products = products;
        this.attentions = attentions;
        this.mlps = mlps;
    }

    List<Block> group() {
        Map<Mlp, List<Attention>> byMlp = new LinkedHashMap<>();
        mlps.forEach(mlp -> byMlp.put(mlp, new ArrayList<>()));
        List<Block> blocks = new ArrayList<>();
        for (Attention attention : attentions) {
            beside(attention)
                    .or(() -> after(attention))
                    .ifPresentOrElse(
                            mlp -> byMlp.get(mlp).add(attention),
                            () -> blocks.add(new Block(0, List.of(attention), Optional.empty())));
        }
        byMlp.forEach((mlp, members) -> {
            members.sort(Comparator.comparingLong(attention -> depth(attention.softmax())));
            blocks.add(new Block(0, members, Optional.of(mlp)));
        });
        blocks.sort(Comparator.comparingLong((Block block) ->
                        ends(block).mapToLong(this::depth).max().orElseThrow())
                .thenComparingInt(
                        block -> ends(block).mapToInt(wiring::position).min().orElseThrow()));
        return Stream.iterate(0, i -> i < blocks.size(), i -> i + 1)
                .map(i -> new Block(i, blocks.get(i).attentions(), blocks.get(i).mlp()))
                .toList();
    }

    private Stream<Node> ends(Block block) {
        return Stream.concat(
                block.attentions().stream().map(attention -> attention.output().node()),
                block.mlp().stream().map(this::end));
    }

    private Node end(Mlp mlp) {
        return products.layers().get(mlp.contract()).node();
    }

    /** Returns the number of attentions and MLPs before a node. */
    private long depth(Node node) {
        return Stream.concat(
                        attentions.stream().map(Attention::softmax),
                        mlps.stream().map(this::end))
                .filter(part -> wiring.reaches(part, node))
                .count();
    }

    /** Returns the first MLP that the attention's result reaches. */
    private Optional<Mlp> after(Attention attention) {
        return mlps.stream()
                .filter(mlp -> wiring.reaches(attention.output().node(), end(mlp)))
                .min(Comparator.comparingLong(mlp -> depth(end(mlp))));
    }

    /**
     * Returns the MLP of a parallel block: it reads what the attention's queries read, and neither depends on the
     * other.
     */
    private Optional<Mlp> beside(Attention attention) {
        return mlps.stream()
                .filter(mlp -> !wiring.reaches(attention.softmax(), end(mlp)))
                .filter(mlp -> !wiring.reaches(end(mlp), attention.softmax()))
                .filter(mlp -> attention.query().stream()
                        .anyMatch(query -> stream(query).equals(stream(mlp.expand()))))
                .findFirst();
    }

    /** Returns the value on the residual stream that a layer reads, before any norm. */
    private String stream(String layer) {
        String value = wiring.source(products.layers().get(layer).input());
        return wiring.producer(value)
                .filter(node -> Norm.isFused(node))
                .map(node -> wiring.source(node.input(0)))
                .orElse(value);
    }
}
