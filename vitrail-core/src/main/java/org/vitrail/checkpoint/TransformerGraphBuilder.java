package org.vitrail.checkpoint;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.vitrail.graph.Attribute;
import org.vitrail.graph.DataType;
import org.vitrail.graph.Dim;
import org.vitrail.graph.Graph;
import org.vitrail.graph.UninterpretedProto;
import org.vitrail.graph.ValueInfo;

/**
 * Builds the graph of a vision transformer. Values have timm's module names; linear layers are MatMul and Add with
 * weights [in, out]; query, key and value are one layer.
 */
final class TransformerGraphBuilder {
    private static final String INPUT = "pixel_values";
    private static final String OUTPUT = "logits";
    private static final int OPSET = 20;

    private final VisionTransformerConfig model;
    private final LayerBuilder layers;
    private final String thirds;
    private final String toHeads;
    private final String fromHeads;
    private final String scale;

    private TransformerGraphBuilder(String name, VisionTransformerConfig model, ParameterSource parameters) {
        this.model = model;
        this.layers = new LayerBuilder(empty(name, model), model, parameters);
        long width = model.width();
        thirds = layers.integers("attn.thirds", width, width, width);
        toHeads = layers.integers("attn.to_heads", 0, 0, model.heads(), model.headSize());
        fromHeads = layers.integers("attn.from_heads", 0, 0, width);
        scale = layers.scalar("attn.scale", 1 / Math.sqrt(model.headSize()));
    }

    static Graph build(String name, VisionTransformerConfig model, ParameterSource parameters) {
        return new TransformerGraphBuilder(name, model, parameters).build();
    }

    private static Graph empty(String name, VisionTransformerConfig model) {
        Dim batch = new Dim.Symbol("batch");
        Dim side = Dim.of(model.patches().imageSize());
        Dim channels = Dim.of(model.patches().channels());
        return new Graph(
                name,
                List.of(ValueInfo.of(INPUT, DataType.FLOAT, List.of(batch, channels, side, side))),
                List.of(ValueInfo.of(OUTPUT, DataType.FLOAT, List.of(batch, Dim.of(model.classes())))),
                List.of(),
                Map.of(),
                Map.of(),
                Map.of("", OPSET),
                Map.of(),
                UninterpretedProto.NONE);
    }

    private Graph build() {
        String tokens = embed();
        for (int block = 0; block < model.depth(); block++) {
            tokens = block("blocks." + block + ".", tokens);
        }
        classify(tokens);
        return layers.build();
    }

    /** Adds the embedding: image to tokens (batch, tokens, width). */
    private String embed() {
        String patches = layers.transpose(flatPatches(), "patch_embed", 0, 2, 1);
        String tokens = model.has(ArchitectureFeature.TOKEN_POSITIONS)
                ? layers.add(prepend(patches), layers.parameter("pos_embed"), "embed")
                : prepend(layers.add(patches, layers.parameter("pos_embed"), "patch_embed.placed"));
        return model.has(ArchitectureFeature.PATCH_NORM) ? layers.norm("norm_pre", tokens) : tokens;
    }

    private String flatPatches() {
        String name = "patch_embed.proj";
        List<String> inputs = new ArrayList<>(List.of(INPUT, layers.parameter(name + ".weight")));
        if (model.has(ArchitectureFeature.PATCH_BIAS)) {
            inputs.add(layers.parameter(name + ".bias"));
        }
        long size = model.patches().patchSize();
        Map<String, Attribute> window = new LinkedHashMap<>();
        window.put("kernel_shape", Attribute.ints(size, size));
        window.put("strides", Attribute.ints(size, size));
        String grid = layers.op("Conv", inputs, name, window);
        String shape = layers.integers(
                "patch_embed.shape", 0, model.width(), model.patches().count());
        return layers.op("Reshape", List.of(grid, shape), "patch_embed.flat");
    }

    /** Prepends class and distillation tokens, repeated over the batch, to the patches. */
    private String prepend(String patches) {
        if (model.prefixTokens() == 0) {
            return patches;
        }
        String batch = layers.op("Shape", List.of(INPUT), "batch", Map.of("end", Attribute.of(1)));
        String shape = layers.concat(
                0, List.of(batch, layers.integers("prefix.rest", model.prefixTokens(), model.width())), "prefix.shape");
        String prefix = layers.parameter("cls_token");
        if (model.has(ArchitectureFeature.DISTILLATION_TOKEN)) {
            prefix = layers.concat(1, List.of(prefix, layers.parameter("dist_token")), "prefix");
        }
        String expanded = layers.op("Expand", List.of(prefix, shape), "prefix.batch");
        return layers.concat(1, List.of(expanded, patches), "tokens");
    }

    private String block(String block, String tokens) {
        String attended = branch(block + "norm1", block + "ls1", tokens, value -> attention(block + "attn", value));
        return branch(block + "norm2", block + "ls2", attended, value -> mlp(block + "mlp", value));
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

    /** Adds Softmax(Q Kᵀ / √d) V over heads of d channels, and its output projection. */
    private String attention(String name, String tokens) {
        layers.split(layers.linear(name + ".qkv", tokens), thirds, List.of(name + ".q", name + ".k", name + ".v"));
        String queries = layers.transpose(normalisedHeads(name, "q"), name + ".q.heads", 0, 2, 1, 3);
        String keys = layers.transpose(normalisedHeads(name, "k"), name + ".k.heads", 0, 2, 3, 1);
        String values = layers.transpose(heads(name + ".v"), name + ".v.heads", 0, 2, 1, 3);
        String products = layers.op("MatMul", List.of(queries, keys), name + ".products");
        String scores = layers.op("Mul", List.of(products, scale), name + ".scores");
        String probabilities =
                layers.op("Softmax", List.of(scores), name + ".softmax", Map.of("axis", Attribute.of(-1)));
        String mixed = layers.op("MatMul", List.of(probabilities, values), name + ".mixed");
        String joined = layers.op(
                "Reshape",
                List.of(layers.transpose(mixed, name + ".by_token", 0, 2, 1, 3), fromHeads),
                name + ".joined");
        return layers.linear(name + ".proj", joined);
    }

    private String normalisedHeads(String name, String which) {
        String split = heads(name + "." + which);
        return model.has(ArchitectureFeature.QK_NORM) ? layers.norm(name + "." + which + "_norm", split) : split;
    }

    /** Splits (batch, tokens, width) into heads: (batch, tokens, heads, head size). */
    private String heads(String value) {
        return layers.op("Reshape", List.of(value, toHeads), value + ".split");
    }

    private String mlp(String name, String tokens) {
        return layers.linear(name + ".fc2", activation(name + ".act", layers.linear(name + ".fc1", tokens)));
    }

    private String activation(String name, String value) {
        return switch (model.style().activation()) {
            case GELU -> layers.op("Gelu", List.of(value), name);
            case GELU_TANH -> layers.op("Gelu", List.of(value), name, Map.of("approximate", Attribute.of("tanh")));
            case QUICK_GELU -> {
                String slope = layers.scalar("quick_gelu.slope", 1.702);
                String steep = layers.op("Mul", List.of(value, slope), name + ".steep");
                yield layers.op("Mul", List.of(value, layers.op("Sigmoid", List.of(steep), name + ".gate")), name);
            }
            case RELU -> layers.op("Relu", List.of(value), name);
        };
    }

    private void classify(String tokens) {
        String normed = model.has(ArchitectureFeature.FINAL_NORM) ? layers.norm("norm", tokens) : tokens;
        if (!model.has(ArchitectureFeature.DISTILLATION_HEAD)) {
            layers.linear("head", preLogits(pool(normed)), OUTPUT);
            return;
        }
        String byClass = layers.linear("head", token(normed, 0));
        String byDistillation = layers.linear("head_dist", token(normed, 1));
        String sum = layers.add(byClass, byDistillation, "heads.sum");
        layers.op("Mul", List.of(sum, layers.scalar("heads.half", 0.5)), OUTPUT);
    }

    private String pool(String tokens) {
        String pooled = switch (model.style().pooling()) {
            case CLASS_TOKEN -> token(tokens, 0);
            case AVERAGE ->
                layers.op(
                        "ReduceMean",
                        List.of(patchTokens(tokens), layers.integers("pool.axes", 1)),
                        "pool",
                        Map.of("keepdims", Attribute.of(0)));
        };
        return model.has(ArchitectureFeature.POOL_NORM) ? layers.norm("fc_norm", pooled) : pooled;
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
