package org.vitrail.checkpoint;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.vitrail.graph.Attribute;

/**
 * Adds the layers that the blocks of all families share: attention over heads, MLPs and activations. All blocks of one
 * width use one object, which holds their constants.
 */
final class BlockLayers {
    private final LayerBuilder layers;
    private final Shape shape;
    private final String thirds;
    private final String halves;
    private final String toHeads;
    private final String fromHeads;
    private final String scale;

    /**
     * The extents and variants of a block.
     *
     * @param gated whether the MLP is fc2(SiLU(a) b), with a and b the halves of fc1(x); else it is fc2(act(fc1(x)))
     * @param qkNorm whether each head's queries and keys go through a LayerNorm
     */
    record Shape(int width, int heads, int mlpWidth, ActivationFunction activation, boolean gated, boolean qkNorm) {
        int headSize() {
            return width / heads;
        }
    }

    /** Adds the constants of blocks; their names begin with {@code prefix}. */
    BlockLayers(LayerBuilder layers, String prefix, Shape shape) {
        this.layers = layers;
        this.shape = shape;
        long width = shape.width;
        thirds = layers.integers(prefix + "attn.thirds", width, width, width);
        toHeads = layers.integers(prefix + "attn.to_heads", 0, 0, shape.heads, shape.headSize());
        fromHeads = layers.integers(prefix + "attn.from_heads", 0, 0, width);
        scale = layers.scalar(prefix + "attn.scale", 1 / Math.sqrt(shape.headSize()));
        halves = shape.gated ? layers.integers(prefix + "mlp.halves", shape.mlpWidth, shape.mlpWidth) : "";
    }

    /**
     * Adds Softmax(Q Kᵀ / √d) V over heads of d channels, and its output projection.
     *
     * @param biased what is added to the scores (batch, heads, tokens, tokens) before Softmax
     */
    String attention(String name, String tokens, UnaryOperator<String> biased) {
        layers.split(layers.linear(name + ".qkv", tokens), thirds, List.of(name + ".q", name + ".k", name + ".v"));
        return attended(name, name + ".q", name + ".k", name + ".v", biased);
    }

    /** Adds attention of queries over keys and values, each (batch, tokens, width), and its output projection. */
    String attended(String name, String q, String k, String v, UnaryOperator<String> biased) {
        String queries = layers.transpose(normalisedHeads(name + ".q_norm", q), q + ".heads", 0, 2, 1, 3);
        String keys = layers.transpose(normalisedHeads(name + ".k_norm", k), k + ".heads", 0, 2, 3, 1);
        String values = layers.transpose(heads(v), v + ".heads", 0, 2, 1, 3);
        String products = layers.op("MatMul", List.of(queries, keys), name + ".products");
        String scores = biased.apply(layers.op("Mul", List.of(products, scale), name + ".scores"));
        String probabilities =
                layers.op("Softmax", List.of(scores), name + ".softmax", Map.of("axis", Attribute.of(-1)));
        String mixed = layers.op("MatMul", List.of(probabilities, values), name + ".mixed");
        String joined = layers.op(
                "Reshape",
                List.of(layers.transpose(mixed, name + ".by_token", 0, 2, 1, 3), fromHeads),
                name + ".joined");
        return layers.linear(name + ".proj", joined);
    }

    private String normalisedHeads(String norm, String value) {
        String split = heads(value);
        return shape.qkNorm ? layers.norm(norm, split) : split;
    }

    /** Splits (batch, tokens, width) into heads: (batch, tokens, heads, head size). */
    private String heads(String value) {
        return layers.op("Reshape", List.of(value, toHeads), value + ".split");
    }

    String mlp(String name, String tokens) {
        String inner = layers.linear(name + ".fc1", tokens);
        return layers.linear(name + ".fc2", shape.gated ? gate(name, inner) : activation(name + ".act", inner));
    }

    private String gate(String name, String inner) {
        layers.split(inner, halves, List.of(name + ".gate", name + ".up"));
        String sigmoid = layers.op("Sigmoid", List.of(name + ".gate"), name + ".gate.sigmoid");
        String silu = layers.op("Mul", List.of(name + ".gate", sigmoid), name + ".act");
        return layers.op("Mul", List.of(silu, name + ".up"), name + ".gated");
    }

    private String activation(String name, String value) {
        return switch (shape.activation) {
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
}
