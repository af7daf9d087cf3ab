package org.vitrail.block;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.vitrail.graph.Dim;
import org.vitrail.graph.Node;
import org.vitrail.graph.Weight;
import org.vitrail.shape.Shapes;

/**
 * Follows the channel axis of a value through nodes that move tokens but leave every token's channels as they are:
 * changes of layout, slices and concatenations of tokens, means over tokens, resized position embeddings.
 */
final class ChannelFlow {
    private final DataFlow wiring;
    private final Shapes shapes;

    /**
     * The place of the channels in a value.
     *
     * @param axis the axis that runs over the channels
     * @param groups tokens whose channels lie side by side in it
     */
    record Channels(int axis, int groups) {}

    ChannelFlow(DataFlow wiring) {
        this.wiring = wiring;
        this.shapes = Shapes.infer(wiring.graph());
    }

    OptionalInt rank(String value) {
        return wiring.constant(value)
                .map(weight -> OptionalInt.of(weight.rank()))
                .orElseGet(() -> shapes.of(value)
                        .map(shape -> OptionalInt.of(shape.size()))
                        .orElse(OptionalInt.empty()));
    }

    /** Returns the extents of a value; empty where not even their number is known. */
    private Optional<List<Dim>> shape(String value) {
        Optional<List<Dim>> constant = wiring.constant(value)
                .map(weight -> IntStream.range(0, weight.rank())
                        .mapToObj(axis -> Dim.of(weight.extent(axis)))
                        .toList());
        return constant.or(() -> shapes.of(value));
    }

    boolean hasExtent(String value, int axis, long extent) {
        return shape(value)
                .filter(shape ->
                        axis >= 0 && axis < shape.size() && shape.get(axis).is(extent))
                .isPresent();
    }

    /** Returns the place in an operand of an elementwise operator that is aligned with this place in its result. */
    Optional<Channels> aligned(String from, Channels channels, String to) {
        OptionalInt rank = rank(from);
        OptionalInt other = rank(to);
        int axis = channels.axis + other.orElse(0) - rank.orElse(0);
        return rank.isPresent() && other.isPresent() && axis >= 0
                ? Optional.of(new Channels(axis, channels.groups))
                : Optional.empty();
    }

    /** Returns the place of the channels in the results of a node; empty where it does not leave them as they are. */
    Optional<Channels> ahead(Node node, String input, Channels channels) {
        Optional<List<Dim>> before = shape(input);
        Optional<List<Dim>> after = shape(node.output());
        if (before.isEmpty() || after.isEmpty() || channels.axis >= before.get().size()) {
            return Optional.empty();
        }
        int axis = channels.axis;
        int added = after.get().size() - before.get().size();
        return switch (node.op()) {
            case "Transpose" ->
                node.intsAttribute("perm")
                        .map(perm -> new Channels(perm.indexOf((long) axis), channels.groups))
                        .or(() -> Optional.of(new Channels(before.get().size() - 1 - axis, channels.groups)));
            case "Reshape", "Flatten", "Squeeze", "Unsqueeze" -> reshaped(before.get(), after.get(), channels);
            case "Expand" -> kept(before.get(), after.get(), axis, axis + added, channels);
            case "Pad", "Tile", "Resize" -> kept(before.get(), after.get(), axis, axis, channels);
            case "Slice" ->
                slices(node, axis, before.get().size())
                        ? Optional.empty()
                        : kept(before.get(), after.get(), axis, axis, channels);
            case "Concat", "Split" ->
                axis(node, before.get().size()) == axis
                        ? Optional.empty()
                        : kept(before.get(), after.get(), axis, axis, channels);
            case "Gather" -> {
                int gathered = axis(node, before.get().size());
                yield gathered == axis
                        ? Optional.empty()
                        : kept(before.get(), after.get(), axis, gathered > axis ? axis : axis + added, channels);
            }
            case "ReduceMean", "ReduceSum" -> reduced(node, before.get(), after.get(), channels);
            case "GlobalAveragePool" -> kept(before.get(), after.get(), axis, axis, channels);
            default -> Optional.empty();
        };
    }

    /** Returns the place in an input that {@link #ahead} brings to this place in the result. */
    Optional<Channels> behind(Node node, String input, Channels channels) {
        return IntStream.range(0, rank(input).orElse(0))
                .mapToObj(axis -> new Channels(axis, channels.groups))
                .filter(place -> ahead(node, input, place).equals(Optional.of(channels)))
                .findFirst();
    }

    /** Returns whether the node concatenates the channels of its inputs, this many of each. */
    boolean joinsChannels(Node node, String input, Channels channels, int extent) {
        return node.is("Concat")
                && channels.groups == 1
                && rank(input).isPresent()
                && axis(node, rank(input).getAsInt()) == channels.axis
                && node.inputs().stream().allMatch(other -> hasExtent(other, channels.axis, extent));
    }

    private static int axis(Node node, int rank) {
        int axis = (int) node.intAttribute("axis", 0);
        return axis < 0 ? axis + rank : axis;
    }

    private static Optional<Channels> kept(
            List<Dim> before, List<Dim> after, int axis, int newAxis, Channels channels) {
        boolean same = newAxis >= 0
                && newAxis < after.size()
                && after.get(newAxis).equals(before.get(axis))
                && before.get(axis) instanceof Dim.Known;
        return same ? Optional.of(new Channels(newAxis, channels.groups)) : Optional.empty();
    }

    private boolean slices(Node node, int axis, int rank) {
        Optional<List<Long>> axes = node.hasInput(3) ? longs(node.input(3)) : node.intsAttribute("axes");
        return axes.map(all -> all.stream().anyMatch(one -> (one < 0 ? one + rank : one) == axis))
                .orElse(true);
    }

    private Optional<List<Long>> longs(String value) {
        return wiring.constant(value)
                .map(Weight::toLongs)
                .map(values -> LongStream.of(values).boxed().toList());
    }

    private Optional<Channels> reduced(Node node, List<Dim> before, List<Dim> after, Channels channels) {
        Optional<List<Long>> axes = node.hasInput(1) ? longs(node.input(1)) : node.intsAttribute("axes");
        if (axes.isEmpty()) {
            return Optional.empty();
        }
        List<Long> reduced = axes.get().stream()
                .map(axis -> axis < 0 ? axis + before.size() : axis)
                .toList();
        int axis = channels.axis;
        long dropped = node.intAttribute("keepdims", 1) != 0
                ? 0
                : reduced.stream().filter(other -> other < axis).count();
        return reduced.contains((long) axis)
                ? Optional.empty()
                : kept(before, after, axis, axis - (int) dropped, channels);
    }

    /**
     * The axis of the same extent with as many elements behind it; or the axis that also takes in tokens before it, whose
     * channels then lie side by side; or, where extents behind are unknown, the axis behind the same extents.
     */
    private static Optional<Channels> reshaped(List<Dim> before, List<Dim> after, Channels channels) {
        int axis = channels.axis;
        if (!(before.get(axis) instanceof Dim.Known(long extent)) || extent == 0) {
            return Optional.empty();
        }
        long behind = elements(before, axis + 1);
        for (int to = after.size() - 1; to >= 0 && behind > 0; to--) {
            if (after.get(to) instanceof Dim.Known(long found)
                    && found > 0
                    && found % extent == 0
                    && elements(after, to + 1) == behind) {
                return Optional.of(new Channels(to, (int) (channels.groups * (found / extent))));
            }
        }
        boolean samePrefix = axis < after.size()
                && before.subList(0, axis + 1).equals(after.subList(0, axis + 1))
                && !before.subList(0, axis + 1).contains(Dim.unknown());
        return behind < 0 && samePrefix ? Optional.of(channels) : Optional.empty();
    }

    /** The product of the extents from an axis on; −1 where one is not known. */
    private static long elements(List<Dim> shape, int from) {
        long elements = 1;
        for (Dim dim : shape.subList(from, shape.size())) {
            if (!(dim instanceof Dim.Known(long extent))) {
                return -1;
            }
            elements *= extent;
        }
        return elements;
    }
}
