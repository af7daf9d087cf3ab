package org.vitrail;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.vitrail.graph.Dim;
import org.vitrail.graph.Graph;
import org.vitrail.graph.ValueInfo;
import org.vitrail.image.Layout;
import org.vitrail.image.Preprocessing;
import org.vitrail.image.RgbImage;
import org.vitrail.image.Size;
import org.vitrail.tensor.Tensor;
import org.vitrail.tensor.VitrailException;

/**
 * The input of a model through which it sees a picture: (batch, 3, height, width) or (batch, height, width, 3).
 *
 * @param name the value's name in the graph
 * @param size empty where the model takes pictures of any size
 */
public record ImageInput(String name, Optional<Size> size, Layout layout) {
    private static final int CHANNELS = 3;
    private static final int MAX_SIDE = 1_000_000;

    /** Reads the input's geometry from the graph; throws {@link VitrailException} where it takes no RGB picture. */
    public static ImageInput of(Graph graph) {
        if (graph.inputs().size() != 1) {
            throw new VitrailException("the model " + graph.name() + " has the inputs " + graph.inputNames()
                    + ", but Vitrail feeds models that take one picture and nothing else");
        }
        ValueInfo input = graph.inputs().getFirst();
        List<Dim> shape = input.shape().orElse(List.of());
        if (shape.size() != 4) {
            throw notAPicture(input, shape);
        }
        if (!shape.get(0).is(1) && shape.get(0) instanceof Dim.Known) {
            throw new VitrailException("the model was exported for batches of exactly " + shape.get(0)
                    + " pictures; export it with a batch of 1 or of any size");
        }
        if (!shape.stream().allMatch(ImageInput::isSide)) {
            throw notAPicture(input, shape);
        }
        if (isColour(shape.get(1))) {
            return new ImageInput(input.name(), size(shape.get(2), shape.get(3)), Layout.NCHW);
        }
        if (isColour(shape.get(3))) {
            return new ImageInput(input.name(), size(shape.get(1), shape.get(2)), Layout.NHWC);
        }
        throw notAPicture(input, shape);
    }

    private static boolean isSide(Dim dim) {
        return !(dim instanceof Dim.Known(long extent)) || (extent >= 1 && extent <= MAX_SIDE);
    }

    private static boolean isColour(Dim channels) {
        return channels.is(CHANNELS) || channels instanceof Dim.Symbol;
    }

    private static Optional<Size> size(Dim height, Dim width) {
        return height instanceof Dim.Known(long h) && width instanceof Dim.Known(long w)
                ? Optional.of(new Size(Math.toIntExact(h), Math.toIntExact(w)))
                : Optional.empty();
    }

    private static VitrailException notAPicture(ValueInfo input, List<Dim> shape) {
        return new VitrailException("the model's input " + input.name() + " has the shape " + shape
                + ", but an RGB picture takes (batch, 3, height, width) or (batch, height, width, 3)");
    }

    /** What the engine is fed for one picture. */
    Map<String, Tensor> feed(Preprocessing preprocessing, RgbImage image) {
        Tensor picture = preprocessing.apply(image);
        return Map.of(name, picture.reshape(1, picture.extent(0), picture.extent(1), picture.extent(2)));
    }
}
