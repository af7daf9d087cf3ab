package org.vitrail.block;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.vitrail.block.LinearLayer.Role;

/** Assigns a role to each linear layer, from the attentions and MLPs around it. */
final class LayerRoles {
    private final DataFlow wiring;
    private final ProductFinder products;
    private final List<Block> blocks;
    private final List<Attention> attentions;
    private final Map<String, Role> roles = new HashMap<>();
    private final Map<String, Integer> blockOf = new HashMap<>();

    LayerRoles(DataFlow wiring, ProductFinder products, List<Block> blocks) {
        this.wiring = wiring;
        this.products = products;
        this.blocks = blocks;
        this.attentions =
                blocks.stream().flatMap(block -> block.attentions().stream()).toList();
    }

    /** Returns all linear layers with their roles, in graph order. */
    List<LinearLayer> assign() {
        blocks.forEach(block -> block.mlp().ifPresent(mlp -> assign(mlp, block.index())));
        blocks.forEach(block -> block.attentions().forEach(attention -> assign(attention, block.index())));
        Map<String, Role> outside = products.layers().values().stream()
                .filter(layer -> !roles.containsKey(layer.output()))
                .collect(Collectors.toMap(LinearLayer::output, this::outsideBlocks, (a, b) -> a, LinkedHashMap::new));
        roles.putAll(outside);
        return products.layers().values().stream()
                .map(layer -> layer.with(
                        roles.get(layer.output()),
                        blockOf.containsKey(layer.output())
                                ? OptionalInt.of(blockOf.get(layer.output()))
                                : OptionalInt.empty()))
                .toList();
    }

    private void assign(Mlp mlp, int block) {
        put(mlp.expand(), Role.MLP_EXPAND, block);
        mlp.gate().ifPresent(gate -> put(gate, Role.MLP_GATE, block));
        put(mlp.contract(), Role.MLP_CONTRACT, block);
    }

    private void assign(Attention attention, int block) {
        Stream.of(attention.query(), attention.key(), attention.value())
                .flatMap(List::stream)
                .distinct()
                .forEach(layer -> put(layer, inputRole(attention, layer), block));
        attention.mixers().forEach(layer -> put(layer, Role.HEAD_MIXING, block));
        attention.projection().ifPresent(layer -> put(layer, Role.PROJECTION, block));
    }

    private void put(String layer, Role role, int block) {
        roles.putIfAbsent(layer, role);
        blockOf.putIfAbsent(layer, block);
    }

    private static Role inputRole(Attention attention, String layer) {
        boolean query = attention.query().contains(layer);
        boolean key = attention.key().contains(layer);
        boolean value = attention.value().contains(layer);
        if (attention.scores().isEmpty()) {
            return query ? Role.POOLING_SCORE : Role.VALUE;
        }
        if (query && key) {
            return value ? Role.QUERY_KEY_VALUE : Role.QUERY_KEY;
        }
        if (key && value) {
            return Role.KEY_VALUE;
        }
        return query ? Role.QUERY : key ? Role.KEY : Role.VALUE;
    }

    private Role outsideBlocks(LinearLayer layer) {
        boolean after = attentions.stream().anyMatch(attention -> wiring.reaches(attention.softmax(), layer.node()));
        boolean before = attentions.stream().anyMatch(attention -> wiring.reaches(layer.node(), attention.softmax()));
        if (after) {
            if (!before) {
                return Role.HEAD;
            }
            return layer.inFeatures() == layer.outFeatures() ? Role.OTHER : Role.MERGE;
        }
        if (!isStem(layer)) {
            return Role.OTHER;
        }
        Predicate<LinearLayer> later = other -> wiring.reaches(layer.node(), other.node());
        return products.layers().values().stream()
                        .filter(other -> !roles.containsKey(other.output()))
                        .filter(this::isStem)
                        .anyMatch(later)
                ? Role.BACKBONE
                : Role.PATCH_EMBEDDING;
    }

    /** Returns whether the tokens that first enter attention come through this layer. */
    private boolean isStem(LinearLayer layer) {
        return attentions.stream()
                .filter(attention ->
                        attentions.stream().noneMatch(other -> wiring.reaches(other.softmax(), attention.softmax())))
                .anyMatch(attention -> stemOperands(attention).anyMatch(value -> wiring.reaches(layer.node(), value)));
    }

    /** Returns the values that the queries are computed from, or V where the queries do not depend on the image. */
    private Stream<String> stemOperands(Attention attention) {
        Function<List<String>, List<String>> inputs = layers -> layers.stream()
                .map(layer -> products.layers().get(layer).input())
                .filter(wiring::seesInput)
                .toList();
        List<String> queries = inputs.apply(attention.query());
        return (queries.isEmpty() ? List.of(attention.values()) : queries).stream();
    }
}
