package org.vitrail.shape;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.vitrail.graph.DataType;

/**
 * Infers the outputs of operators that sum over axes or windows: products, convolutions, pooling, reductions, resizing,
 * attention; and of quantizers.
 */
final class ReductionRules {
    private ReductionRules() {}

    /** Infers NumPy's matmul: vectors gain an axis and lose it again, leading axes broadcast. */
    static InferredValue matMul(InferenceContext call) {
        int[] left = call.in(0).shape();
        int[] right = call.in(1).shape();
        int[] batch = ElementwiseRules.shape(
                Arrays.copyOf(left, Math.max(0, left.length - 2)), Arrays.copyOf(right, Math.max(0, right.length - 2)));
        int inner = right[Math.max(0, right.length - 2)];
        if (left[left.length - 1] != inner) {
            throw new IllegalArgumentException("cannot multiply " + Arrays.toString(left) + Arrays.toString(right));
        }
        int[] row = left.length == 1 ? new int[0] : new int[] {left[left.length - 2]};
        int[] column = right.length == 1 ? new int[0] : new int[] {right[right.length - 1]};
        return InferredValue.of(call.in(0).type(), MovementRules.chain(batch, row, column));
    }

    static InferredValue gemm(InferenceContext call) {
        int[] left = call.in(0).shape();
        int[] right = call.in(1).shape();
        return InferredValue.of(
                call.in(0).type(),
                left[call.node().intAttribute("transA", 0) == 0 ? 0 : 1],
                right[call.node().intAttribute("transB", 0) == 0 ? 1 : 0]);
    }

    /** Infers Einsum with an explicit output and no ellipsis. */
    static InferredValue einsum(InferenceContext call) {
        String[] sides =
                call.node().stringAttribute("equation", "").replace(" ", "").split("->", -1);
        String[] terms = sides[0].split(",", -1);
        Map<Integer, Integer> extents = new HashMap<>();
        for (int i = 0; i < terms.length; i++) {
            for (int axis = 0; axis < terms[i].length(); axis++) {
                extents.merge((int) terms[i].charAt(axis), call.in(i).shape()[axis], Math::max);
            }
        }
        return InferredValue.of(
                call.in(0).type(),
                sides[1].chars()
                        .map(axis -> Optional.ofNullable(extents.get(axis)).orElseThrow())
                        .toArray());
    }

    static InferredValue convolution(InferenceContext call) {
        int[] weight = call.in(1).shape();
        return windows(call, weight[0], Arrays.copyOfRange(weight, 2, weight.length));
    }

    static InferredValue pool(InferenceContext call) {
        int[] kernel = Arrays.stream(call.ints("kernel_shape").orElseThrow())
                .mapToInt(Math::toIntExact)
                .toArray();
        return windows(call, call.in(0).shape()[1], kernel);
    }

    /** Infers the extents after a window of {@code kernel} moves over the input (N, C, spatial ...). */
    private static InferredValue windows(InferenceContext call, int channels, int[] kernel) {
        int[] shape = call.in(0).shape().clone();
        long[] ones = Arrays.stream(kernel).mapToLong(extent -> 1).toArray();
        long[] strides = call.ints("strides").orElse(ones);
        long[] dilations = call.ints("dilations").orElse(ones);
        long[] pads = call.ints("pads").orElse(new long[2 * kernel.length]);
        String padding = call.node().stringAttribute("auto_pad", "NOTSET");
        boolean up = call.node().intAttribute("ceil_mode", 0) == 1;
        shape[1] = channels;
        for (int i = 0; i < kernel.length; i++) {
            int extent = shape[2 + i];
            long reach = dilations[i] * (kernel[i] - 1) + 1;
            long before = padding.equals("NOTSET") ? pads[i] : 0;
            long room = extent + before + (padding.equals("NOTSET") ? pads[i + kernel.length] : 0) - reach;
            long steps = up ? Math.ceilDiv(room, strides[i]) : Math.floorDiv(room, strides[i]);
            if (up && steps * strides[i] >= extent + before) {
                steps--;
            }
            shape[2 + i] =
                    Math.toIntExact(padding.startsWith("SAME") ? Math.ceilDiv((long) extent, strides[i]) : steps + 1);
        }
        return InferredValue.of(call.in(0).type(), shape);
    }

    static InferredValue globalPool(InferenceContext call) {
        int[] shape = call.in(0).shape().clone();
        Arrays.fill(shape, 2, shape.length, 1);
        return InferredValue.of(call.in(0).type(), shape);
    }

    static InferredValue reduce(InferenceContext call) {
        int[] shape = call.in(0).shape();
        long[] axes = call.ints(1, "axes").orElse(new long[0]);
        boolean keepsAll = axes.length == 0 && call.node().intAttribute("noop_with_empty_axes", 0) == 1;
        int[] reduced = axes.length == 0 && !keepsAll
                ? IntStream.range(0, shape.length).toArray()
                : InferenceContext.axes(axes, shape.length);
        return InferredValue.of(call.in(0).type(), without(call, reduced));
    }

    static InferredValue argReduce(InferenceContext call) {
        return InferredValue.of(
                DataType.INT64, without(call, call.axis(0, call.in(0).rank())));
    }

    private static int[] without(InferenceContext call, int... axes) {
        int[] shape = call.in(0).shape();
        boolean kept = call.node().intAttribute("keepdims", 1) == 1;
        return IntStream.range(0, shape.length)
                .filter(axis -> kept || Arrays.stream(axes).noneMatch(each -> each == axis))
                .map(axis -> Arrays.stream(axes).anyMatch(each -> each == axis) ? 1 : shape[axis])
                .toArray();
    }

    static List<InferredValue> topK(InferenceContext call) {
        int[] shape = call.in(0).shape().clone();
        shape[call.axis(-1, shape.length)] = Math.toIntExact(call.in(1).longs()[0]);
        return List.of(InferredValue.of(call.in(0).type(), shape), InferredValue.of(DataType.INT64, shape));
    }

    /** Infers Resize by sizes (input 3) or scales (input 2), of all axes or those named. */
    static InferredValue resize(InferenceContext call) {
        if (!call.node().stringAttribute("keep_aspect_ratio_policy", "stretch").equals("stretch")) {
            throw new IllegalArgumentException("only the policy stretch is known");
        }
        int[] shape = call.in(0).shape().clone();
        int[] axes = call.ints("axes")
                .map(given -> InferenceContext.axes(given, shape.length))
                .orElseGet(() -> IntStream.range(0, shape.length).toArray());
        double[] wanted = call.in(call.has(3) ? 3 : 2).doubles();
        for (int i = 0; i < axes.length; i++) {
            shape[axes[i]] = (int) (call.has(3) ? wanted[i] : Math.floor(shape[axes[i]] * wanted[i]));
        }
        return InferredValue.of(call.in(0).type(), shape);
    }

    static InferredValue depthToSpace(InferenceContext call) {
        int[] shape = call.in(0).shape();
        int block = (int) call.node().intAttribute("blocksize", 1);
        return InferredValue.of(
                call.in(0).type(), shape[0], shape[1] / (block * block), shape[2] * block, shape[3] * block);
    }

    static InferredValue spaceToDepth(InferenceContext call) {
        int[] shape = call.in(0).shape();
        int block = (int) call.node().intAttribute("blocksize", 1);
        return InferredValue.of(
                call.in(0).type(), shape[0], shape[1] * block * block, shape[2] / block, shape[3] / block);
    }

    /**
     * Infers Attention: the query is (batch, heads, tokens, width) or (batch, tokens, heads * width), and the output
     * has the last extent of the values.
     */
    static InferredValue attention(InferenceContext call) {
        int[] shape = call.in(0).shape().clone();
        int[] values = call.in(2).shape();
        int last = shape.length - 1;
        shape[last] = shape.length == 4
                ? values[last]
                : Math.toIntExact(values[last]
                        / call.node().intAttribute("kv_num_heads", 1)
                        * call.node().intAttribute("q_num_heads", 1));
        return InferredValue.of(call.in(0).type(), shape);
    }

    static InferredValue quantize(InferenceContext call) {
        DataType type = call.has(2)
                ? call.in(2).type()
                : DataType.ofOnnx((int) call.node().intAttribute("output_dtype", DataType.UINT8.onnx()));
        return InferredValue.of(type, call.in(0).shape());
    }

    static InferredValue dequantize(InferenceContext call) {
        return InferredValue.of(call.in(1).type(), call.in(0).shape());
    }

    /** Infers the first output and, where the node has them, mean and inverse standard deviation. */
    static List<InferredValue> layerNormalization(InferenceContext call) {
        InferredValue data = call.in(0);
        int axis = call.axis(-1, data.rank());
        int[] statistics = data.shape().clone();
        Arrays.fill(statistics, axis, statistics.length, 1);
        List<InferredValue> facts = new ArrayList<>(List.of(InferredValue.of(data.type(), data.shape())));
        for (int i = 1; i < call.node().outputs().size(); i++) {
            facts.add(InferredValue.of(DataType.FLOAT, statistics));
        }
        return facts;
    }
}
