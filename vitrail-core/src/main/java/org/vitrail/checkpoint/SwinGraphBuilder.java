package org.vitrail.checkpoint;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.vitrail.checkpoint.SwinConfig.Part;
import org.vitrail.checkpoint.SwinConfig.Stage;
import org.vitrail.graph.Attribute;
import org.vitrail.graph.Graph;

/** Builds the graph of a Swin transformer; between blocks, tokens are (batch, tokens, width). */
final class SwinGraphBuilder {
    /** Added to the scores of tokens that a shifted window holds but that are no neighbours. */
    private static final float MASKED = -100;

    private static final String TABLE = "attn.relative_position_bias_table";

    private final SwinConfig model;
    private final LayerBuilder layers;

    private SwinGraphBuilder(String name, SwinConfig model, ParameterSource parameters) {
        this.model = model;
        this.layers = new LayerBuilder(
                LayerBuilder.start(
                        name, model.patches(), model.classifies() ? "logits" : "pooler_output", model.classes()),
                model.parameters(),
                parameters,
                model.epsilon());
    }

    static Graph build(String name, SwinConfig model, ParameterSource parameters) {
        return new SwinGraphBuilder(name, model, parameters).build();
    }

    private Graph build() {
        String tokens = embed();
        for (int stage = 0; stage < model.stages().size(); stage++) {
            tokens = stage(stage, tokens);
        }
        String pooled = layers.op(
                "ReduceMean",
                List.of(layers.norm("norm", tokens), layers.integers("pool.axes", 1)),
                "pool",
                Map.of("keepdims", Attribute.of(0)));
        if (model.classifies()) {
            layers.linear("head", pooled, "logits");
        } else {
            layers.op("Identity", List.of(pooled), "pooler_output");
        }
        return layers.build();
    }

    private String embed() {
        String flat = layers.patches(model.patches(), model.stages().getFirst().width(), true);
        String tokens = layers.transpose(flat, "patch_embed", 0, 2, 1);
        String normed = layers.norm("patch_embed.norm", tokens, (float) model.mergeEpsilon());
        return model.has(Part.POSITIONS) ? layers.add(normed, layers.parameter("pos_embed"), "embed") : normed;
    }

    private String stage(int number, String tokens) {
        Stage stage = model.stages().get(number);
        String name = "layers." + number;
        BlockLayers blocks = new BlockLayers(
                layers,
                name + ".",
                new BlockLayers.Shape(
                        stage.width(), stage.heads(), stage.mlpWidth(), model.activation(), false, false));
        Windows windows = new Windows(layers, name, model.side(number), stage);
        RelativePositions positions =
                RelativePositions.of(layers, name + ".positions", stage.window(), false, stage.heads());
        String value = tokens;
        for (int block = 0; block < stage.depth(); block++) {
            value = block(
                    name + ".blocks." + block + ".", value, blocks, windows, positions, model.shift(number, block));
        }
        return number + 1 < model.stages().size() ? merge(number, value) : value;
    }

    private String block(
            String name, String tokens, BlockLayers blocks, Windows windows, RelativePositions positions, int shift) {
        String bias = positions.bias(name + TABLE);
        UnaryOperator<String> biased = scores -> {
            String placed = layers.add(scores, bias, name + "attn.placed");
            return shift == 0 ? placed : windows.masked(placed, name + "attn", shift, MASKED);
        };
        String split = windows.split(layers.norm(name + "norm1", tokens), name + "attn", shift);
        String attended = windows.joined(blocks.attention(name + "attn", split, biased), name + "attn", shift);
        String value = layers.add(tokens, attended, name + "attn.residual");
        String mlp = blocks.mlp(name + "mlp", layers.norm(name + "norm2", value));
        return layers.add(value, mlp, name + "mlp.residual");
    }

    /** Adds patch merging: the channels of 2 × 2 neighbours, column by column, through a norm and a linear layer. */
    private String merge(int stage, String tokens) {
        String name = "merges." + stage;
        long half = model.side(stage + 1);
        long width = model.stages().get(stage).width();
        String pairs = layers.reshape(tokens, name + ".pairs", 0, half, 2, half, 2, width);
        String byColumn = layers.transpose(pairs, name + ".by_column", 0, 1, 3, 4, 2, 5);
        String joined = layers.reshape(byColumn, name + ".joined", 0, half * half, 4 * width);
        return layers.linear(name + ".reduction", layers.norm(name + ".norm", joined, (float) model.mergeEpsilon()));
    }
}
