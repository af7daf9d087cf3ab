package org.vitrail.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.vitrail.graph.DataType;
import org.vitrail.graph.Dim;
import org.vitrail.graph.Graph;
import org.vitrail.graph.Node;
import org.vitrail.graph.ValueInfo;
import org.vitrail.image.Layout;
import org.vitrail.image.Preprocessing;
import org.vitrail.image.Region;
import org.vitrail.image.RgbImage;
import org.vitrail.image.Size;
import org.vitrail.tensor.Tensor;
import org.vitrail.tensor.VitrailException;

/**
 * How a model sees a picture: through an input of (batch, 3, height, width) or (batch, height, width, 3), and perhaps
 * through a second one that says which of its pixels are padding.
 *
 * @param name the value's name in the graph
 * @param size empty where the model takes pictures of any size
 * @param bytes whether the input holds integers: pixels as they are, which the model normalises itself
 * @param batch pictures that the model always takes at once; a single one is fed so many times. 1 where the model takes
 *     any number
 * @param sizes the name of an input (batch, 2) with the size that the detections' boxes are scaled to
 */
public record ImageInput(
        String name,
        Optional<Size> size,
        Layout layout,
        boolean bytes,
        int batch,
        Optional<Mask> mask,
        Optional<String> sizes) {
    /** An input of a model that takes no target sizes. */
    public ImageInput(String name, Optional<Size> size, Layout layout, boolean bytes, int batch, Optional<Mask> mask) {
        this(name, size, layout, bytes, batch, mask, Optional.empty());
    }

    private static final int CHANNELS = 3;
    private static final int MAX_SIDE = 1_000_000;
    private static final int MAX_BATCH = 1024;
    private static final Pattern TARGET_SIZE = Pattern.compile("size|shape", Pattern.CASE_INSENSITIVE);
    private static final Set<DataType> FLOATING =
            Set.of(DataType.FLOAT, DataType.FLOAT16, DataType.BFLOAT16, DataType.DOUBLE);
    private static final Set<DataType> BYTES =
            Set.of(DataType.UINT8, DataType.INT16, DataType.UINT16, DataType.INT32, DataType.INT64);

    /**
     * An input of (batch, height, width) that is 1 where there is picture and 0 where there is padding, as DETR has.
     *
     * @param size empty where it is that of the picture's input
     */
    public record Mask(String name, Optional<Size> size) {}

    /** Reads the inputs' geometry from the graph; throws {@link VitrailException} where it takes no RGB picture. */
    public static ImageInput of(Graph graph) {
        List<ValueInfo> masks = new ArrayList<>(graph.inputs());
        ValueInfo picture = graph.inputs().stream()
                .filter(input -> shape(input).size() == 4)
                .findFirst()
                .orElseThrow(() -> notAPicture(
                        graph.inputs().isEmpty()
                                ? ""
                                : graph.inputs().getFirst().name(),
                        graph));
        masks.remove(picture);
        Optional<ValueInfo> sizes =
                masks.stream().filter(ImageInput::isTargetSize).findFirst();
        sizes.ifPresent(masks::remove);
        if (masks.size() > 1 || !masks.stream().allMatch(ImageInput::isMask)) {
            throw new VitrailException("the model " + graph.name() + " has the inputs " + graph.inputNames()
                    + ", but Vitrail feeds models that take one picture and perhaps its mask (batch, height, width) or"
                    + " target sizes (batch, 2);"
                    + " export the part of the model that sees the picture");
        }
        return of(graph, picture, masks.stream().findFirst(), sizes.map(ValueInfo::name));
    }

    private static ImageInput of(Graph graph, ValueInfo picture, Optional<ValueInfo> mask, Optional<String> sizes) {
        List<Dim> shape = shape(picture);
        DataType type = picture.type().orElse(DataType.FLOAT);
        if (!FLOATING.contains(type) && !BYTES.contains(type)) {
            throw new VitrailException("the model's input " + picture.name() + " is of type " + type
                    + ", but pictures are fed as floating-point numbers or as unsigned bytes");
        }
        if (!shape.stream().allMatch(ImageInput::isSide)) {
            throw notAPicture(picture.name(), graph);
        }
        int batch = shape.get(0) instanceof Dim.Known(long extent) ? Math.toIntExact(extent) : 1;
        if (batch > MAX_BATCH) {
            throw new VitrailException("the model was exported for batches of exactly " + batch
                    + " pictures; export it with a batch of 1 or of any size");
        }
        boolean isFirst = isColour(shape.get(1))
                && !(shape.get(3).is(CHANNELS) && !shape.get(1).is(CHANNELS))
                && !(!shape.get(1).is(CHANNELS) && isColour(shape.get(3)) && movesChannelsFirst(graph, picture.name()));
        if (!isFirst && !isColour(shape.get(3))) {
            throw notAPicture(picture.name(), graph);
        }
        return new ImageInput(
                picture.name(),
                isFirst ? size(shape.get(2), shape.get(3)) : size(shape.get(1), shape.get(2)),
                isFirst ? Layout.NCHW : Layout.NHWC,
                BYTES.contains(type),
                batch,
                mask.map(input -> new Mask(input.name(), maskSize(shape(input)))),
                sizes);
    }

    /** Returns whether a Transpose from (batch, height, width, 3) reads the input, perhaps behind a Cast. */
    private static boolean movesChannelsFirst(Graph graph, String input) {
        List<Node> readers = graph.nodes().stream()
                .filter(node -> node.inputs().contains(input))
                .toList();
        return readers.stream()
                .anyMatch(node -> node.is("Cast")
                        ? movesChannelsFirst(graph, node.outputs().getFirst())
                        : node.is("Transpose")
                                && node.intsAttribute("perm").equals(Optional.of(List.of(0L, 3L, 1L, 2L))));
    }

    private static List<Dim> shape(ValueInfo input) {
        return input.shape().orElse(List.of());
    }

    private static boolean isMask(ValueInfo input) {
        return shape(input).size() == 3 && shape(input).stream().allMatch(ImageInput::isSide);
    }

    private static boolean isTargetSize(ValueInfo input) {
        return shape(input).size() == 2
                && !(shape(input).get(1) instanceof Dim.Known(long extent) && extent != 2)
                && TARGET_SIZE.matcher(input.name()).find();
    }

    private static Optional<Size> maskSize(List<Dim> shape) {
        return size(shape.get(1), shape.get(2));
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

    private static VitrailException notAPicture(String name, Graph graph) {
        List<Dim> shape = graph.inputs().stream()
                .filter(input -> input.name().equals(name))
                .findFirst()
                .map(ImageInput::shape)
                .orElse(List.of());
        return new VitrailException("the model's input " + name + " has the shape " + shape
                + ", but an RGB picture takes (batch, 3, height, width) or (batch, height, width, 3)");
    }

    /** Returns the engine's inputs for one picture, repeated where the model has a fixed batch size. */
    public Map<String, Tensor> feed(Preprocessing preprocessing, RgbImage image) {
        return PictureBatch.join(Collections.nCopies(batch, single(preprocessing, image)));
    }

    /** One picture as the model's inputs, each with a batch of one. */
    public Map<String, Tensor> single(Preprocessing preprocessing, RgbImage image) {
        Tensor picture = preprocessing.apply(image);
        Map<String, Tensor> fed = new LinkedHashMap<>();
        fed.put(name, batchOfOne(picture));
        mask.ifPresent(input -> {
            Size seen = layout == Layout.NHWC
                    ? new Size(picture.extent(0), picture.extent(1))
                    : new Size(picture.extent(1), picture.extent(2));
            Size filled = preprocessing.filled(new Size(image.height(), image.width()));
            fed.put(input.name(), batchOfOne(mask(seen, filled, input.size().orElse(seen))));
        });
        sizes.ifPresent(input -> fed.put(input, targetSize(input, picture)));
        return fed;
    }

    /**
     * The size of the model's own input, in whose pixels it then gives its boxes. Exports of RT-DETR's authors take the
     * width first (orig_target_sizes), those of Hugging Face's processors the height (target_sizes).
     */
    private Tensor targetSize(String input, Tensor picture) {
        float height = picture.extent(layout == Layout.NCHW ? 1 : 0);
        float width = picture.extent(layout == Layout.NCHW ? 2 : 1);
        boolean isWidthFirst = input.startsWith("orig");
        return Tensor.of(new int[] {1, 2}, isWidthFirst ? new float[] {width, height} : new float[] {height, width});
    }

    /** The rectangle of a picture of this size that a model's output describes: with a mask, not the padding. */
    public Region region(Preprocessing preprocessing, Size picture) {
        Region shown = preprocessing.region(picture);
        return mask.isEmpty()
                ? shown
                : new Region(
                        shown.left(),
                        shown.top(),
                        Math.min(shown.width(), picture.width()),
                        Math.min(shown.height(), picture.height()));
    }

    /** 1 at the top left where the picture is; of the mask's own size, by the nearest pixel. */
    private static Tensor mask(Size seen, Size filled, Size size) {
        float[] values = new float[Math.toIntExact((long) size.height() * size.width())];
        for (int y = 0; y < size.height(); y++) {
            for (int x = 0; x < size.width(); x++) {
                boolean isPicture = (y + 0.5) * seen.height() < (double) filled.height() * size.height()
                        && (x + 0.5) * seen.width() < (double) filled.width() * size.width();
                values[y * size.width() + x] = isPicture ? 1 : 0;
            }
        }
        return Tensor.of(new int[] {size.height(), size.width()}, values);
    }

    private static Tensor batchOfOne(Tensor one) {
        int[] shape = new int[one.rank() + 1];
        shape[0] = 1;
        System.arraycopy(one.shape(), 0, shape, 1, one.rank());
        return one.reshape(shape);
    }
}
