package org.vitrail.canonical;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.vitrail.graph.Attribute;
import org.vitrail.graph.DataType;
import org.vitrail.graph.Dim;
import org.vitrail.graph.Node;
import org.vitrail.graph.Weight;

/**
 * Decomposes fused attention operators into the operators that they stand for:
 *
 * <pre>
 *   softmax(Q·Kᵀ · scale + bias) · V,   scale = 1/√(channels of a head) where none is given
 * </pre>
 *
 * <p>Masks, caches of earlier tokens and rotary positions, which language models have, are not supported.
 */
final class FusedAttention {
    private final DecompositionBuilder spelling;
    private final Node node;
    private final long heads;

    private FusedAttention(Node node, DecompositionBuilder spelling) {
        this.node = node;
        this.spelling = spelling;
        this.heads = node.intAttribute("num_heads", node.intAttribute("q_num_heads", 0));
    }

    /**
     * ONNX's Attention, opset 23: heads as an axis (batch, heads, tokens, channels), or merged as in
     * MultiHeadAttention.
     */
    static boolean standard(Node node, DecompositionBuilder spelling) {
        boolean plain = node.inputs().stream().skip(4).allMatch(String::isEmpty)
                && node.intAttribute("is_causal", 0) == 0
                && node.floatAttribute("softcap", 0) == 0
                && node.intAttribute("q_num_heads", 0) == node.intAttribute("kv_num_heads", 0)
                && hasOneOutput(node);
        List<Long> sizes = widths(node, spelling);
        FusedAttention attention = new FusedAttention(node, spelling);
        if (!plain || sizes.size() < 3) {
            return false;
        }
        return spelling.shape(node.input(0)).orElseThrow().size() == 3
                ? attention.attend(node.inputs(), sizes, node.input(3))
                : attention.attendApart(sizes.getFirst());
    }

    /** com.microsoft.Attention: query, key and value are one product of the input with one matrix. */
    static boolean packed(Node node, DecompositionBuilder spelling) {
        Optional<List<Dim>> matrix = spelling.shape(node.input(1)).filter(shape -> !shape.isEmpty());
        boolean plain = hasNone(node, 3, 4, 6)
                && node.intAttribute("unidirectional", 0) == 0
                && node.intAttribute("do_rotary", 0) == 0
                && hasOneOutput(node);
        if (!plain || matrix.isEmpty() || !(matrix.get().getLast() instanceof Dim.Known(long width))) {
            return false;
        }
        List<Long> sizes = node.intsAttribute("qkv_hidden_sizes")
                .filter(list -> list.size() == 3)
                .orElse(List.of(width / 3, width / 3, width / 3));
        return new FusedAttention(node, spelling).packed(sizes);
    }

    /** com.microsoft.MultiHeadAttention: query, key and value (batch, tokens, heads · channels) are separate inputs. */
    static boolean separate(Node node, DecompositionBuilder spelling) {
        boolean plain = hasNone(node, 4, 6, 7)
                && node.inputs().stream().skip(8).allMatch(String::isEmpty)
                && node.intAttribute("unidirectional", 0) == 0
                && hasOneOutput(node);
        List<Long> sizes = widths(node, spelling);
        boolean joined =
                spelling.shape(node.input(0)).filter(shape -> shape.size() == 3).isPresent();
        return plain && joined && sizes.size() == 3 && new FusedAttention(node, spelling).separate(sizes);
    }

    /**
     * Returns the last extents of query, key and value where all are known and their ranks are the same; else fewer.
     */
    private static List<Long> widths(Node node, DecompositionBuilder spelling) {
        List<Long> widths = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            List<Dim> shape = spelling.shape(node.input(i)).orElse(List.of());
            int rank = spelling.shape(node.input(0)).map(List::size).orElse(0);
            if (shape.size() == rank && rank >= 3 && shape.getLast() instanceof Dim.Known(long width)) {
                widths.add(width);
            }
        }
        return widths;
    }

    private static boolean hasNone(Node node, int... inputs) {
        return IntStream.of(inputs).noneMatch(node::hasInput);
    }

    private static boolean hasOneOutput(Node node) {
        return node.outputs().stream().skip(1).allMatch(String::isEmpty);
    }

    private boolean packed(List<Long> sizes) {
        String name = node.output();
        String product = spelling.add("MatMul", List.of(node.input(0), node.input(1)), name + "_qkv");
        String sum =
                node.hasInput(2) ? spelling.add("Add", List.of(product, node.input(2)), name + "_qkv_biased") : product;
        List<String> parts = List.of(
                spelling.fresh(name + "_query"), spelling.fresh(name + "_key"), spelling.fresh(name + "_value"));
        String lengths = spelling.longs(sizes.get(0), sizes.get(1), sizes.get(2));
        spelling.put(Node.of("Split", List.of(sum, lengths), parts, Map.of("axis", Attribute.of(-1))));
        return attend(parts, sizes, node.input(5));
    }

    private boolean separate(List<Long> sizes) {
        List<String> parts = new ArrayList<>(node.inputs().subList(0, 3));
        if (node.hasInput(3)) {
            Optional<Weight> bias = spelling.constant(node.input(3)).filter(Weight::isFloating);
            if (bias.isEmpty()) {
                return false;
            }
            float[] values = bias.get().toFloats();
            int start = 0;
            for (int i = 0; i < 3; i++) {
                int size = Math.toIntExact(sizes.get(i));
                float[] part = Arrays.copyOfRange(values, start, start + size);
                String constant = spelling.constant(node.input(3), Weight.ofFloats(new int[] {size}, part));
                parts.set(i, spelling.add("Add", List.of(parts.get(i), constant), node.output() + "_biased"));
                start += size;
            }
        }
        return attend(parts, sizes, node.input(5));
    }

    private boolean attend(List<String> parts, List<Long> sizes, String bias) {
        if (heads < 1 || sizes.stream().anyMatch(size -> size % heads != 0)) {
            return false;
        }
        String name = node.output();
        String query = inHeads(parts.get(0), name + "_query", 0L, 2L, 1L, 3L);
        String key = inHeads(parts.get(1), name + "_key", 0L, 2L, 3L, 1L);
        String value = inHeads(parts.get(2), name + "_value", 0L, 2L, 1L, 3L);
        joined(mixed(query, key, value, scale(sizes.get(0) / heads), bias), sizes.get(2));
        return true;
    }

    private boolean attendApart(long channels) {
        String name = node.output();
        String key = transposed(node.input(1), name + "_key_turned", 0L, 1L, 3L, 2L);
        String mixed = mixed(node.input(0), key, node.input(2), scale(channels), node.input(3));
        spelling.put("Identity", List.of(mixed), name, Map.of());
        return true;
    }

    private double scale(long channels) {
        float given = node.floatAttribute("scale", 0);
        return given == 0 ? 1 / Math.sqrt((double) channels) : given;
    }

    /** Writes softmax(Q·Kᵀ · scale + bias) · V for every head; a boolean bias is a mask of the pairs to keep. */
    private String mixed(String query, String turnedKey, String value, double scale, String bias) {
        String name = node.output();
        String product = spelling.add("MatMul", List.of(query, turnedKey), name + "_product");
        String scores = spelling.add("Mul", List.of(product, spelling.number(scale)), name + "_scores");
        if (spelling.type(bias).equals(Optional.of(DataType.BOOL))) {
            String never = spelling.number(Double.NEGATIVE_INFINITY);
            scores = spelling.add("Where", List.of(bias, scores, never), name + "_scores_masked");
        } else if (!bias.isEmpty()) {
            scores = spelling.add("Add", List.of(scores, bias), name + "_scores_biased");
        }
        String attention =
                spelling.add("Softmax", List.of(scores), name + "_softmax", Map.of("axis", Attribute.of(-1)));
        return spelling.add("MatMul", List.of(attention, value), name + "_mixed");
    }

    /** Reshapes (batch, heads, tokens, channels) to the node's output (batch, tokens, heads · channels). */
    private void joined(String mixed, long width) {
        String byToken = transposed(mixed, node.output() + "_by_token", 0L, 2L, 1L, 3L);
        spelling.put("Reshape", List.of(byToken, spelling.longs(0, 0, width)), node.output(), Map.of());
    }

    /** Splits the heads of (batch, tokens, heads · channels) into an axis, in this order of axes. */
    private String inHeads(String value, String name, Long... order) {
        String apart = spelling.add("Reshape", List.of(value, spelling.longs(0, 0, heads, -1)), name + "_apart");
        return transposed(apart, name + "_heads", order);
    }

    private String transposed(String value, String name, Long... order) {
        return spelling.add("Transpose", List.of(value), name, Map.of("perm", Attribute.ints(order)));
    }
}
