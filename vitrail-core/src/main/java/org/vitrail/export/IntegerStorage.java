package org.vitrail.export;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.vitrail.canonical.OpsetUpgrade;
import org.vitrail.graph.Attribute;
import org.vitrail.graph.DataType;
import org.vitrail.graph.Graph;
import org.vitrail.graph.GraphEditor;
import org.vitrail.graph.ScratchFile;
import org.vitrail.graph.Weight;
import org.vitrail.plan.Plan;
import org.vitrail.quantizer.AffineQuantizer;
import org.vitrail.quantizer.Grid;
import org.vitrail.quantizer.HeadQuantizers;
import org.vitrail.quantizer.QuantizedWeight;

/**
 * Stores codes of any width for ONNX Runtime: in the next larger integer type, with the grid clipped to the narrower range.
 * Weights of up to 4 bits take half a byte each in the file and are cast to int8 when a session loads, so that ONNX
 * Runtime runs them on its 8-bit kernels.
 */
final class IntegerStorage {
    /** The first operator set with 4-bit and 16-bit integers. */
    private static final int OPSET = 21;

    private final GraphEditor editor;

    IntegerStorage(GraphEditor editor) {
        this.editor = editor;
    }

    /**
     * Returns the graph in an operator set that has the types which the plan needs.
     *
     * @param integerWeights whether codes of weights are stored too, not only those of activations
     */
    static Graph upgraded(Graph graph, Plan plan, boolean integerWeights) {
        boolean narrow = integerWeights
                && plan.layers().stream()
                        .anyMatch(layer -> weightType(layer.weight().bits().bits()) != DataType.INT8);
        boolean wide = Stream.concat(
                        plan.layers().stream().map(layer -> layer.input().main().grid()),
                        plan.products().stream()
                                .flatMap(product -> Stream.of(
                                        product.left().grid(), product.right().grid())))
                .anyMatch(grid -> activationType(grid) != DataType.UINT8);
        return narrow || wide ? OpsetUpgrade.to(graph, Math.max(OPSET, graph.opset())) : graph;
    }

    static DataType weightType(int bits) {
        return bits <= 4 ? DataType.INT4 : bits <= 8 ? DataType.INT8 : DataType.INT16;
    }

    private static DataType activationType(Grid grid) {
        return grid.highest() <= 255 ? DataType.UINT8 : DataType.UINT16;
    }

    /** x → Clip (where the grid is narrower than its type) → QuantizeLinear → DequantizeLinear. */
    String fakeQuantized(String value, HeadQuantizers quantizers) {
        int[] shape = quantizers.isShared()
                ? new int[0]
                : new int[] {quantizers.quantizers().size()};
        String scale =
                editor.add(value + "_scale", Weight.ofFloats(shape, quantizers.each(quantizer -> quantizer.scale())));
        String zeroPoint = editor.add(value + "_zero_point", zeroPoints(quantizers, shape));
        String inside = value;
        int highest = activationType(quantizers.grid()) == DataType.UINT8 ? 255 : 65535;
        if (quantizers.grid().highest() < highest) {
            inside = clipped(value, quantizers);
        }
        Map<String, Attribute> axis =
                quantizers.isShared() ? Map.of() : Map.of("axis", Attribute.of(quantizers.axis()));
        String codes = editor.add("QuantizeLinear", List.of(inside, scale, zeroPoint), value + "_codes", axis);
        if (quantizers.isShared()) {
            return editor.add("DequantizeLinear", List.of(codes, scale, zeroPoint), value + "_quantized");
        }
        // ONNX Runtime 1.29 fuses per-head scales into an integer product that it then refuses to run; a separate Mul
        // prevents the fusion, and gives the same numbers.
        float[] ones = new float[shape[0]];
        Arrays.fill(ones, 1);
        String one = editor.add(value + "_one", Weight.ofFloats(shape, ones));
        String counts = editor.add("DequantizeLinear", List.of(codes, one, zeroPoint), value + "_counts", axis);
        int[] broadcast = broadcast(quantizers);
        String scales = editor.add(
                value + "_scales", Weight.ofFloats(broadcast, quantizers.each(quantizer -> quantizer.scale())));
        return editor.add("Mul", List.of(counts, scales), value + "_quantized");
    }

    /**
     * Returns the shape of per-head numbers that broadcasts against the operand, (heads, 1, 1), or of a single number.
     */
    private static int[] broadcast(HeadQuantizers quantizers) {
        int[] shape = new int[quantizers.isShared() ? 0 : -quantizers.axis()];
        Arrays.fill(shape, 1);
        if (!quantizers.isShared()) {
            shape[0] = quantizers.quantizers().size();
        }
        return shape;
    }

    /** Clip takes scalars; per-head limits need Max and Min. */
    private String clipped(String value, HeadQuantizers quantizers) {
        int[] shape = broadcast(quantizers);
        String low = editor.add(value + "_low", Weight.ofFloats(shape, quantizers.each(AffineQuantizer::low)));
        String high = editor.add(value + "_high", Weight.ofFloats(shape, quantizers.each(AffineQuantizer::high)));
        if (quantizers.isShared()) {
            return editor.add("Clip", List.of(value, low, high), value + "_clipped");
        }
        String raised = editor.add("Max", List.of(value, low), value + "_raised");
        return editor.add("Min", List.of(raised, high), value + "_clipped");
    }

    private static Weight zeroPoints(HeadQuantizers quantizers, int[] shape) {
        DataType type = activationType(quantizers.grid());
        int count = quantizers.quantizers().size();
        ByteBuffer bytes = ByteBuffer.allocate((int) type.bytes(count)).order(ByteOrder.LITTLE_ENDIAN);
        for (AffineQuantizer quantizer : quantizers.quantizers()) {
            if (type == DataType.UINT8) {
                bytes.put((byte) quantizer.zeroPoint());
            } else {
                bytes.putShort((short) quantizer.zeroPoint());
            }
        }
        return Weight.of(type, shape, bytes.flip());
    }

    /**
     * Returns the float value of a stored weight, [rows × columns]. The zero points are explicit: without them ONNX
     * Runtime 1.29 ends the process when a session asks for exact products (session.x64quantprecision).
     */
    String dequantized(QuantizedWeight codes, String name) {
        boolean perChannel = codes.scales().length > 1;
        int[] shape = perChannel ? new int[] {codes.columns()} : new int[0];
        DataType type = weightType(codes.bits().bits());
        String stored = editor.add(name + "_codes", stored(codes));
        if (type == DataType.INT4) {
            type = DataType.INT8;
            stored = editor.add("Cast", List.of(stored), name + "_int8", Map.of("to", Attribute.of(type.onnx())));
        }
        String scale = editor.add(name + "_scale", Weight.ofFloats(shape, codes.scales()));
        ByteBuffer zeros = ByteBuffer.allocate((int) type.bytes(codes.scales().length));
        String zeroPoint = editor.add(name + "_zero_point", Weight.of(type, shape, zeros));
        return editor.add(
                "DequantizeLinear",
                List.of(stored, scale, zeroPoint),
                name + "_dequantized",
                perChannel ? Map.of("axis", Attribute.of(1)) : Map.of());
    }

    private static Weight stored(QuantizedWeight codes) {
        DataType type = weightType(codes.bits().bits());
        int[] shape = {codes.rows(), codes.columns()};
        ByteBuffer bytes = ByteBuffer.allocate((int) type.bytes(codes.count())).order(ByteOrder.LITTLE_ENDIAN);
        short[] all = codes.codes();
        for (int i = 0; i < all.length; i++) {
            short code = all[i];
            switch (type) {
                case INT8 -> bytes.put(i, (byte) code);
                case INT16 -> bytes.putShort(2 * i, code);
                default -> bytes.put(i / 2, (byte) (bytes.get(i / 2) | (code & 0xF) << (4 * (i % 2))));
            }
        }
        return ScratchFile.kept(Weight.of(type, shape, bytes));
    }
}
