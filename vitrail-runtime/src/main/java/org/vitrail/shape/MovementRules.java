package org.vitrail.shape;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.vitrail.graph.DataType;
import org.vitrail.graph.Weight;

/** Infers the outputs of operators that move elements without arithmetic on them. */
final class MovementRules {
    private MovementRules() {}

    static InferredValue identity(InferenceContext call) {
        return call.in(0);
    }

    /** Infers Reshape: 0 keeps an extent (unless {@code allowzero}), -1 takes the remaining elements. */
    static InferredValue reshape(InferenceContext call) {
        long[] target = call.in(1).longs();
        int[] from = call.in(0).shape();
        InferredValue.requireRank(target.length);
        int[] shape = new int[target.length];
        int open = -1;
        for (int i = 0; i < target.length; i++) {
            if (target[i] == -1) {
                open = i;
                shape[i] = 1;
            } else {
                boolean kept = target[i] == 0 && call.node().intAttribute("allowzero", 0) == 0;
                shape[i] = kept ? from[i] : Math.toIntExact(target[i]);
            }
        }
        if (open >= 0) {
            shape[open] = Math.toIntExact(call.in(0).count() / InferredValue.count(shape));
        }
        return call.reshaped(shape);
    }

    static InferredValue flatten(InferenceContext call) {
        int[] shape = call.in(0).shape();
        int axis = call.axis(1, shape.length);
        return call.reshaped(
                Math.toIntExact(InferredValue.count(Arrays.copyOf(shape, axis))),
                Math.toIntExact(InferredValue.count(Arrays.copyOfRange(shape, axis, shape.length))));
    }

    static InferredValue squeeze(InferenceContext call) {
        int[] shape = call.in(0).shape();
        Optional<long[]> given = call.ints(1, "axes");
        int[] axes = given.isPresent()
                ? InferenceContext.axes(given.get(), shape.length)
                : IntStream.range(0, shape.length)
                        .filter(axis -> shape[axis] == 1)
                        .toArray();
        return call.reshaped(IntStream.range(0, shape.length)
                .filter(axis -> !contains(axes, axis))
                .map(axis -> shape[axis])
                .toArray());
    }

    static InferredValue unsqueeze(InferenceContext call) {
        int[] shape = call.in(0).shape();
        long[] given = call.ints(1, "axes").orElseThrow();
        int[] axes = InferenceContext.axes(given, shape.length + given.length);
        int[] result = new int[shape.length + given.length];
        for (int axis = 0, from = 0; axis < result.length; axis++) {
            result[axis] = contains(axes, axis) ? 1 : shape[from++];
        }
        return call.reshaped(result);
    }

    private static boolean contains(int[] axes, int axis) {
        return Arrays.stream(axes).anyMatch(each -> each == axis);
    }

    static InferredValue transpose(InferenceContext call) {
        int rank = call.in(0).rank();
        int[] order = call.ints("perm")
                .map(perm -> InferenceContext.axes(perm, rank))
                .orElseGet(() ->
                        IntStream.range(0, rank).map(axis -> rank - 1 - axis).toArray());
        return call.moved(StridedView.of(call.in(0).shape()).transpose(order));
    }

    static InferredValue expand(InferenceContext call) {
        int[] target =
                Arrays.stream(call.in(1).longs()).mapToInt(Math::toIntExact).toArray();
        int[] shape = ElementwiseRules.shape(call.in(0).shape(), target);
        return call.moved(StridedView.of(call.in(0).shape()).expand(shape));
    }

    static InferredValue slice(InferenceContext call) {
        StridedView view = StridedView.of(call.in(0).shape());
        long[] starts = call.ints(1, "starts").orElseThrow();
        long[] ends = call.ints(2, "ends").orElseThrow();
        int rank = call.in(0).rank();
        int[] axes = InferenceContext.axes(
                call.ints(3, "axes")
                        .orElseGet(() -> LongStream.range(0, starts.length).toArray()),
                rank);
        for (int i = 0; i < axes.length; i++) {
            long step = call.has(4) ? call.in(4).longs()[i] : 1;
            int extent = view.shape()[axes[i]];
            long lowest = step > 0 ? 0 : -1;
            long highest = step > 0 ? extent : extent - 1;
            long start = clamp(starts[i], extent, step > 0 ? 0 : Math.min(0, highest), highest);
            long end = clamp(ends[i], extent, lowest, highest);
            long count = Math.max(0, Math.ceilDiv(end - start, step));
            view = view.slice(axes[i], (int) start, (int) count, Math.clamp(step, -extent - 1, extent + 1));
        }
        return call.moved(view);
    }

    private static long clamp(long index, int extent, long lowest, long highest) {
        return Math.clamp(index < 0 ? index + extent : index, lowest, highest);
    }

    static List<InferredValue> split(InferenceContext call) {
        StridedView whole = StridedView.of(call.in(0).shape());
        int axis = call.axis(0, call.in(0).rank());
        int extent = whole.shape()[axis];
        int parts = call.node().outputs().size();
        int part = Math.ceilDiv(extent, parts);
        long[] sizes = call.ints(1, "split")
                .orElseGet(() -> IntStream.range(0, parts)
                        .mapToLong(i -> Math.min(part, extent - i * part))
                        .toArray());
        List<InferredValue> facts = new ArrayList<>();
        int start = 0;
        for (long size : sizes) {
            facts.add(call.moved(whole.slice(axis, start, (int) size, 1)));
            start += (int) size;
        }
        return facts;
    }

    static InferredValue gather(InferenceContext call) {
        int[] from = call.in(0).shape();
        int axis = call.axis(0, from.length);
        int[] indices = call.in(1).shape();
        int[] shape = chain(Arrays.copyOf(from, axis), indices, Arrays.copyOfRange(from, axis + 1, from.length));
        return call.result(call.in(0).type(), shape, () -> {
            StridedView whole = StridedView.of(from);
            Weight data = call.in(0).constant().orElseThrow();
            List<Weight> picked = Arrays.stream(call.in(1).longs())
                    .mapToInt(index -> Math.toIntExact(index < 0 ? index + from[axis] : index))
                    .mapToObj(index -> whole.slice(axis, index, 1, 1).copy(data))
                    .toList();
            return joined(data.type(), picked, axis, shape);
        });
    }

    static InferredValue concat(InferenceContext call) {
        List<InferredValue> inputs = call.inputs();
        int[] shape = inputs.getFirst().shape().clone();
        int axis = call.axis(0, shape.length);
        shape[axis] = inputs.stream().mapToInt(input -> input.shape()[axis]).sum();
        DataType type = inputs.getFirst().type();
        return call.result(
                type,
                shape,
                () -> joined(
                        type,
                        inputs.stream()
                                .map(input -> input.constant().orElseThrow())
                                .toList(),
                        axis,
                        shape));
    }

    /** Concatenates parts along {@code axis}; the result has the shape {@code shape}. */
    private static Weight joined(DataType type, List<Weight> parts, int axis, int[] shape) {
        int[] outer = Arrays.copyOf(parts.isEmpty() ? shape : parts.getFirst().shape(), axis);
        int rows = Math.toIntExact(InferredValue.count(outer));
        ByteBuffer out = ByteBuffer.allocate(Math.toIntExact(type.bytes(InferredValue.count(shape))));
        int given = parts.stream().mapToInt(part -> part.bytes().remaining()).sum();
        if (given != out.capacity()) {
            throw new IllegalArgumentException(given + " bytes do not fill " + Arrays.toString(shape) + " of " + type);
        }
        for (int row = 0; row < rows && out.hasRemaining(); row++) {
            for (Weight part : parts) {
                int size = part.bytes().remaining() / rows;
                out.put(part.bytes().slice(row * size, size));
            }
        }
        return Weight.of(type, shape, out.flip().order(ByteOrder.LITTLE_ENDIAN));
    }

    /**
     * Infers GatherND: the leading axes of the indices, then the axes of the data that the last axis does not index.
     */
    static InferredValue gatherNd(InferenceContext call) {
        int[] data = call.in(0).shape();
        int[] indices = call.in(1).shape();
        int last = indices.length - 1;
        int indexed = indices[last] + (int) call.node().intAttribute("batch_dims", 0);
        return InferredValue.of(
                call.in(0).type(), chain(Arrays.copyOf(indices, last), Arrays.copyOfRange(data, indexed, data.length)));
    }

    static InferredValue gatherElements(InferenceContext call) {
        return InferredValue.of(call.in(0).type(), call.in(1).shape());
    }

    static InferredValue tile(InferenceContext call) {
        int[] shape = call.in(0).shape().clone();
        long[] repeats = call.in(1).longs();
        Arrays.setAll(shape, axis -> Math.toIntExact(shape[axis] * repeats[axis]));
        return InferredValue.of(call.in(0).type(), shape);
    }

    static InferredValue pad(InferenceContext call) {
        int[] shape = call.in(0).shape().clone();
        long[] pads = call.ints(1, "pads").orElseThrow();
        int[] axes = call.has(3)
                ? InferenceContext.axes(call.in(3).longs(), shape.length)
                : IntStream.range(0, shape.length).toArray();
        for (int i = 0; i < axes.length; i++) {
            shape[axes[i]] += Math.toIntExact(pads[i] + pads[i + axes.length]);
        }
        return InferredValue.of(call.in(0).type(), shape);
    }

    static InferredValue oneHot(InferenceContext call) {
        int[] indices = call.in(0).shape();
        int axis = InferenceContext.axis0(call.node().intAttribute("axis", -1), indices.length + 1);
        int depth = Math.toIntExact(call.in(1).longs()[0]);
        return InferredValue.of(
                call.in(2).type(),
                chain(
                        Arrays.copyOf(indices, axis),
                        new int[] {depth},
                        Arrays.copyOfRange(indices, axis, indices.length)));
    }

    static int[] chain(int[]... parts) {
        return Arrays.stream(parts).flatMapToInt(Arrays::stream).toArray();
    }
}
