package org.vitrail.checkpoint;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.vitrail.graph.Attribute;
import org.vitrail.graph.Graph;

/**
 * Builds the graph of a vision transformer of one resolution. Values have timm's module names; linear layers are MatMul and Add with
 * weights [in, out]; query, key and value are one layer.
 */
final class TransformerGraphBuilder {
    private static final String OUTPUT = "logits";
    private static final String PROJECTED = "image_embeds";
    private static final String POOLED = "pooler_output";

    private final VisionTransformerConfig model;
    private final LayerBuilder layers;
    private final BlockLayers blocks;
    private final UnaryOperator<String> unbiased = UnaryOperator.identity();

    private TransformerGraphBuilder(String name, VisionTransformerConfig model, ParameterSource parameters) {
        this.model = model;
        this.layers = new LayerBuilder(
                LayerBuilder.start(name, model.patches(), output(model), model.classes()),
                model.parameters(),
                parameters,
                model.style().epsilon());
        this.blocks = new BlockLayers(
                layers,
                "",
                new BlockLayers.Shape(
                        model.width(),
                        model.heads(),
                        model.mlpWidth(),
                        model.style().activation(),
                        model.has(ArchitectureFeature.GATED_MLP),
                        model.has(ArchitectureFeature.QK_NORM)));
    }

    static Graph build(String name, VisionTransformerConfig model, ParameterSource parameters) {
        return new TransformerGraphBuilder(name, model, parameters).build();
    }

    private static String output(VisionTransformerConfig model) {
        if (model.classifies()) {
            return OUTPUT;
        }
        return model.has(ArchitectureFeature.PROJECTION) ? PROJECTED : POOLED;
    }

    private Graph build() {
        String tokens = embed();
        UnaryOperator<String> bias = positionBias();
        for (int block = 0; block < model.depth(); block++) {
            tokens = block("blocks." + block + ".", tokens, bias);
        }
        classify(tokens);
        return layers.build();
    }

    /** Adds the embedding: image to tokens (batch, tokens, width). */
    private String embed() {
        String patches = layers.transpose(
                layers.patches(model.patches(), model.width(), model.has(ArchitectureFeature.PATCH_BIAS)),
                "patch_embed",
                0,
                2,
                1);
        String tokens = placed(patches);
        return model.has(ArchitectureFeature.PATCH_NORM) ? layers.norm("norm_pre", tokens) : tokens;
    }

    /** Prepends other tokens to the patches, and adds the position embeddings of those that have them. */
    private String placed(String patches) {
        if (model.has(ArchitectureFeature.NO_POSITIONS)) {
            return prepend(patches, layers.parameter("cls_token"));
        }
        if (model.has(ArchitectureFeature.UNPLACED_REGISTERS)) {
            return placedClassToken(patches);
        }
        String first = model.has(ArchitectureFeature.CLASS_TOKEN) ? layers.parameter("cls_token") : "";
        return model.has(ArchitectureFeature.TOKEN_POSITIONS)
                ? layers.add(prepend(patches, first), layers.parameter("pos_embed"), "embed")
                : prepend(layers.add(patches, layers.parameter("pos_embed"), "patch_embed.placed"), first);
    }

    /** Adds each position embedding to its own token, so that register tokens stand between without one. */
    private String placedClassToken(String patches) {
        int width = model.width();
        float[] positions = layers.values("pos_embed");
        float[] token = layers.values("cls_token");
        for (int i = 0; i < width; i++) {
            token[i] += positions[i];
        }
        String first = layers.constant("cls_token", new int[] {1, 1, width}, token);
        String others = layers.constant(
                "pos_embed",
                new int[] {1, model.patches().count(), width},
                Arrays.copyOfRange(positions, width, positions.length));
        return prepend(layers.add(patches, others, "patch_embed.placed"), first);
    }

    /**
     * Prepends class, distillation and register tokens, repeated over the batch, to the patches.
     *
     * @param first the class token; not read if the model has none
     */
    private String prepend(String patches, String first) {
        if (model.prefixTokens() == 0) {
            return patches;
        }
        String batch = layers.op("Shape", List.of(LayerBuilder.INPUT), "batch", Map.of("end", Attribute.of(1)));
        String shape = layers.concat(
                0, List.of(batch, layers.integers("prefix.rest", model.prefixTokens(), model.width())), "prefix.shape");
        List<String> parts = new ArrayList<>();
        if (model.has(ArchitectureFeature.CLASS_TOKEN)) {
            parts.add(first);
        }
        if (model.has(ArchitectureFeature.DISTILLATION_TOKEN)) {
            parts.add(layers.parameter("dist_token"));
        }
        if (model.has(ArchitectureFeature.REGISTER_TOKENS)) {
            parts.add(layers.parameter("reg_token"));
        }
        String prefix = parts.size() == 1 ? parts.getFirst() : layers.concat(1, parts, "prefix");
        String expanded = layers.op("Expand", List.of(prefix, shape), "prefix.batch");
        return layers.concat(1, List.of(expanded, patches), "tokens");
    }

    /** Adds the relative positions' bias to the scores of the attention of a block, if the model has one. */
    private UnaryOperator<String> positionBias() {
        boolean shared = model.has(ArchitectureFeature.SHARED_RELATIVE_POSITIONS);
        if (!shared && !model.has(ArchitectureFeature.RELATIVE_POSITIONS)) {
            return unbiased;
        }
        RelativePositions positions = RelativePositions.of(
                layers, "relative_positions", model.patches().perSide(), true, model.heads());
        String table = "relative_position_bias_table";
        String common = shared ? positions.bias("rel_pos_bias." + table) : "";
        return scores -> {
            String attention = scores.substring(0, scores.lastIndexOf('.'));
            String own = model.has(ArchitectureFeature.RELATIVE_POSITIONS)
                    ? layers.add(scores, positions.bias(attention + "." + table), attention + ".placed")
                    : scores;
            return shared ? layers.add(own, common, attention + ".placed_alike") : own;
        };
    }

    private String block(String block, String tokens, UnaryOperator<String> bias) {
        String attended =
                branch(block + "norm1", block + "ls1", tokens, value -> blocks.attention(block + "attn", value, bias));
        return branch(block + "norm2", block + "ls2", attended, value -> blocks.mlp(block + "mlp", value));
    }

    /** Adds f(tokens) to the residual stream, through its LayerScale if the model has one. */
    private String branch(String norm, String scaling, String tokens, UnaryOperator<String> f) {
        boolean before = model.style().norm() == NormPlacement.BEFORE;
        String branch = f.apply(before ? layers.norm(norm, tokens) : tokens);
        String scaled = model.has(ArchitectureFeature.LAYER_SCALE)
                ? layers.op("Mul", List.of(branch, layers.parameter(scaling + ".gamma")), scaling)
                : branch;
        String sum = layers.add(tokens, scaled, branch + ".residual");
        return before ? sum : layers.norm(norm, sum);
    }

    private void classify(String tokens) {
        String normed = model.has(ArchitectureFeature.FINAL_NORM) ? layers.norm("norm", tokens) : tokens;
        if (model.has(ArchitectureFeature.HEADLESS)) {
            layers.op("Identity", List.of(pool(normed)), POOLED);
        } else if (model.has(ArchitectureFeature.PROJECTION)) {
            layers.linear("visual_projection", pool(normed), PROJECTED);
        } else if (!model.has(ArchitectureFeature.DISTILLATION_HEAD)) {
            layers.linear("head", preLogits(pool(normed)), OUTPUT);
        } else {
            String byClass = layers.linear("head", token(normed, 0));
            String byDistillation = layers.linear("head_dist", token(normed, 1));
            String sum = layers.add(byClass, byDistillation, "heads.sum");
            layers.op("Mul", List.of(sum, layers.scalar("heads.half", 0.5)), OUTPUT);
        }
    }

    private String pool(String tokens) {
        String pooled = switch (model.style().pooling()) {
            case CLASS_TOKEN -> token(tokens, 0);
            case AVERAGE -> average(tokens);
            case CLASS_TOKEN_AND_AVERAGE -> layers.concat(1, List.of(token(tokens, 0), average(tokens)), "pool.both");
            case ATTENTION -> attentionPool(tokens);
        };
        return model.has(ArchitectureFeature.POOL_NORM) ? layers.norm("fc_norm", pooled) : pooled;
    }

    private String average(String tokens) {
        return layers.op(
                "ReduceMean",
                List.of(patchTokens(tokens), layers.integers("pool.axes", 1)),
                "pool",
                Map.of("keepdims", Attribute.of(0)));
    }

    /** Adds attention of one learned query over all tokens, and an MLP with a residual connection behind it. */
    private String attentionPool(String tokens) {
        int width = model.width();
        String name = "attn_pool";
        String query = layers.linear(name + ".qkv", layers.parameter(name + ".latent"), 0, width, name + ".q");
        String pairs = layers.linear(name + ".qkv", tokens, width, 3 * width, name + ".kv");
        String halves = layers.integers(name + ".halves", width, width);
        layers.split(pairs, halves, List.of(name + ".k", name + ".v"));
        String attended = blocks.attended(name, query, name + ".k", name + ".v", unbiased);
        String inner = blocks.mlp(name + ".mlp", layers.norm(name + ".norm", attended));
        return token(layers.add(attended, inner, name + ".residual"), 0);
    }

    private String token(String tokens, int position) {
        String name = position == 0 ? "class_token" : "distillation_token";
        List<String> inputs = List.of(tokens, layers.index(name + ".position", position));
        return layers.op("Gather", inputs, name, Map.of("axis", Attribute.of(1)));
    }

    private String patchTokens(String tokens) {
        if (model.prefixTokens() == 0) {
            return tokens;
        }
        return layers.op(
                "Slice",
                List.of(
                        tokens,
                        layers.integers("pool.from", model.prefixTokens()),
                        layers.integers("pool.to", model.tokens()),
                        layers.integers("pool.axis", 1)),
                "pool.patches");
    }

    private String preLogits(String pooled) {
        return model.has(ArchitectureFeature.PRE_LOGITS)
                ? layers.op("Tanh", List.of(layers.linear("pre_logits.fc", pooled)), "pre_logits")
                : pooled;
    }
}
