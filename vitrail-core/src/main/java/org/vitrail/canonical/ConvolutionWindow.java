package org.vitrail.canonical;

import java.util.List;
import java.util.Optional;
import org.vitrail.graph.DataType;
import org.vitrail.graph.Dim;
import org.vitrail.graph.GraphIndex;
import org.vitrail.graph.Node;
import org.vitrail.graph.Weight;
import org.vitrail.shape.Shapes;

/** The window of a convolution: strides, dilations and padding. */
record ConvolutionWindow(
        long strideHeight,
        long strideWidth,
        long dilationHeight,
        long dilationWidth,
        long top,
        long left,
        long bottom,
        long right) {

    /**
     * Returns the window of a convolution over two axes with a constant float32 kernel, a constant bias and one group.
     */
    static Optional<ConvolutionWindow> of(Node node, GraphIndex index, Shapes shapes) {
        Optional<Weight> kernel = node.is("Conv")
                ? index.constant(node.input(1)).filter(weight -> weight.type() == DataType.FLOAT && weight.rank() == 4)
                : Optional.empty();
        boolean plain = node.intAttribute("group", 1) == 1
                && (!node.hasInput(2) || index.constant(node.input(2)).isPresent());
        return kernel.filter(weight -> plain)
                .flatMap(weight -> of(node, weight, shapes.of(node.input(0)).orElse(List.of())));
    }

    private static Optional<ConvolutionWindow> of(Node node, Weight kernel, List<Dim> picture) {
        List<Long> strides = node.intsAttribute("strides").orElse(List.of(1L, 1L));
        List<Long> dilations = node.intsAttribute("dilations").orElse(List.of(1L, 1L));
        if (!areSteps(strides) || !areSteps(dilations)) {
            return Optional.empty();
        }
        return pads(node, kernel, picture, strides, dilations)
                .filter(pads -> pads.size() == 4 && pads.stream().allMatch(pad -> pad >= 0))
                .map(pads -> new ConvolutionWindow(
                        strides.get(0),
                        strides.get(1),
                        dilations.get(0),
                        dilations.get(1),
                        pads.get(0),
                        pads.get(1),
                        pads.get(2),
                        pads.get(3)));
    }

    /**
     * Returns whether there is a stride along each of two axes; if not, the engine reports what is wrong with the
     * model.
     */
    private static boolean areSteps(List<Long> steps) {
        return steps.size() == 2 && steps.stream().allMatch(step -> step > 0);
    }

    /**
     * Returns the padding (top, left, bottom, right); empty where it depends on the image's size and that is not known.
     */
    private static Optional<List<Long>> pads(
            Node node, Weight kernel, List<Dim> picture, List<Long> strides, List<Long> dilations) {
        String automatic = node.stringAttribute("auto_pad", "NOTSET");
        return switch (automatic) {
            case "NOTSET" -> node.intsAttribute("pads").or(() -> Optional.of(List.of(0L, 0L, 0L, 0L)));
            case "VALID" -> Optional.of(List.of(0L, 0L, 0L, 0L));
            default -> {
                Optional<Long> height = total(kernel.extent(2), picture, 2, strides.get(0), dilations.get(0));
                Optional<Long> width = total(kernel.extent(3), picture, 3, strides.get(1), dilations.get(1));
                yield height.isPresent() && width.isPresent()
                        ? Optional.of(same(height.get(), width.get(), automatic.equals("SAME_UPPER")))
                        : Optional.empty();
            }
        };
    }

    /** An odd padding puts the extra zero behind the image for SAME_UPPER and before it for SAME_LOWER. */
    private static List<Long> same(long height, long width, boolean upper) {
        long top = upper ? height / 2 : height - height / 2;
        long left = upper ? width / 2 : width - width / 2;
        return List.of(top, left, height - top, width - left);
    }

    /** Returns the total padding along one axis with which there are ⌈extent / stride⌉ positions. */
    private static Optional<Long> total(long size, List<Dim> picture, int axis, long stride, long dilation) {
        long reach = dilation * (size - 1) + 1;
        if (stride == 1) {
            return Optional.of(reach - 1);
        }
        return picture.size() == 4 && picture.get(axis) instanceof Dim.Known(long extent)
                ? Optional.of(Math.max(0, (Math.ceilDiv(extent, stride) - 1) * stride + reach - extent))
                : Optional.empty();
    }

    boolean isPadded() {
        return top > 0 || left > 0 || bottom > 0 || right > 0;
    }
}
