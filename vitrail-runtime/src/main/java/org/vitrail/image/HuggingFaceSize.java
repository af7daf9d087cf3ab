package org.vitrail.image;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import org.vitrail.image.ResizeMode.Multiple.Rounding;

/** Reads the sizes in {@code preprocessor_config.json} by the rule of its image processor. */
final class HuggingFaceSize {
    /** Share of the input in the resized picture for a file without {@code crop_pct}. */
    private static final double CONVNEXT_CROP = 224 / 256.0;

    private static final double POOLFORMER_CROP = 0.9;
    private static final int DIVISOR = 32;

    private final Preprocessing unsized;
    private final JsonFields fields;
    private final HuggingFaceProcessor processor;
    private final Optional<JsonFields> size;

    private HuggingFaceSize(Preprocessing unsized, JsonFields fields, HuggingFaceProcessor processor) {
        this.unsized = unsized;
        this.fields = fields;
        this.processor = processor;
        this.size = fields.object("size");
    }

    /** Adds the resize that the file asks for, and the crop or padding that belongs to it. */
    static Preprocessing sized(Preprocessing unsized, JsonFields fields, HuggingFaceProcessor processor) {
        return new HuggingFaceSize(unsized, fields, processor).sized();
    }

    private Preprocessing sized() {
        checkPadding();
        return switch (processor.sizeRule) {
            case EXACT, SHORTER_SIDE, WITHIN -> usual();
            case SHORTER_SIDE_LESS_MARGIN ->
                byEdge(edge -> unsized.withSizing(new ResizeMode.ShorterSide((int) (256 / 224.0 * edge))));
            case INPUT_SIDE -> byEdge(this::inputSide);
            case CROP_SHARE -> cropShare();
            case CENTRE_SHARE -> centreShare();
            case CAPPED ->
                byEdge(edge ->
                        multiple(special(new SpecialResize.Capped(edge, (int) (1333 / 800.0 * edge))), Rounding.DOWN));
            case LONGER_SIDE -> longerSide();
            case OWN_SIDES -> multiple(unsized, Rounding.DOWN);
            case SQUARED ->
                fields.flag("do_pad", true)
                        ? special(new SpecialResize.Squared(rectangle()))
                        : unsized.withSizing(new ResizeMode.Exact(rectangle()));
            case THUMBNAIL -> thumbnail();
        };
    }

    private interface ByEdge {
        Preprocessing of(int edge);
    }

    /** Refuses padding where this processor does not have the usual one, at the right and at the bottom. */
    private void checkPadding() {
        boolean asked = fields.flag("do_pad", false);
        boolean hasOwn = processor.has(ProcessorTrait.MAY_KEEP_RATIO)
                || fields.text("image_processor_type").orElse("").startsWith("Llava");
        if (asked && hasOwn) {
            throw fields.wrong("do_pad", "false: Vitrail does not have this processor's padding");
        }
        boolean pads = processor.sizeRule == SizeRule.WITHIN || processor.sizeRule == SizeRule.LONGER_SIDE;
        if (asked
                && fields.has("pad_size")
                && !pads
                && !(size.isPresent() && size.get().has("longest_edge"))) {
            Size padded = size(fields, "pad_size", processor.size, false).orElseThrow();
            if (!unsized.crop()
                    .or(() -> size(fields, "size", processor.size, false))
                    .equals(Optional.of(padded))) {
                throw fields.wrong("pad_size", "left out, or the size of the resized picture");
            }
        }
    }

    /** Both sides, the shorter side, or the sides between which a detector's pictures lie. */
    private Preprocessing usual() {
        boolean within = fields.flag("do_pad", processor.sizeRule == SizeRule.WITHIN);
        boolean hasEdges = size.map(sides -> sides.has("longest_edge")).orElse(false);
        boolean hasBounds = size.map(sides -> sides.has("max_height")).orElse(false);
        Preprocessing result;
        if (hasBounds) {
            JsonFields sides = size.orElseThrow();
            result = special(new SpecialResize.Inside(new Size(sides.side("max_height"), sides.side("max_width"))));
        } else if (hasEdges || (within && isWithin())) {
            result = within();
        } else if (isShorterSide()) {
            result = unsized.withSizing(new ResizeMode.ShorterSide(edge()));
        } else {
            result = exact(rectangle());
        }
        return processor.has(ProcessorTrait.MULTIPLE_UP) ? multiple(result, Rounding.UP) : result;
    }

    /** Returns whether a single number, or no size at all, is a detector's shorter side. */
    private boolean isWithin() {
        return size.isPresent()
                ? size.get().has("shortest_edge")
                : !fields.get("size").map(JsonNode::isArray).orElse(false)
                        && (processor.sizeRule == SizeRule.WITHIN || (fields.flag("do_pad", false) && isOther()));
    }

    private boolean isOther() {
        return processor == HuggingFaceProcessor.OTHER;
    }

    private boolean isShorterSide() {
        if (size.isPresent()) {
            return size.get().has("shortest_edge");
        }
        boolean isNumber = !fields.has("size") || fields.node().get("size").isNumber();
        boolean square = fields.flag("default_to_square", processor.sizeRule == SizeRule.EXACT);
        return isNumber && !square;
    }

    private Preprocessing exact(Size rectangle) {
        int multiple = processor.has(ProcessorTrait.MAY_KEEP_RATIO) && fields.has("ensure_multiple_of")
                ? fields.side("ensure_multiple_of")
                : 1;
        if (processor.has(ProcessorTrait.MAY_KEEP_RATIO) && fields.flag("keep_aspect_ratio", false)) {
            return special(new SpecialResize.Proportional(rectangle, multiple));
        }
        ResizeMode resize = new ResizeMode.Exact(rectangle);
        return unsized.withSizing(
                multiple == 1
                        ? resize
                        : new ResizeMode.Exact(
                                new ResizeMode.Multiple(resize, multiple, Rounding.NEAREST).target(rectangle)));
    }

    /**
     * Reads the sizes of detectors, and of models that state only the longest edge; older files call it
     * {@code max_size}.
     */
    private Preprocessing within() {
        JsonFields sides = size.orElse(fields);
        String shorterName = size.isPresent() ? "shortest_edge" : "size";
        String longerName = size.isPresent() ? "longest_edge" : "max_size";
        int otherwise = size.isPresent() ? Integer.MAX_VALUE : HuggingFaceProcessor.DEFAULT_LONGEST_EDGE;
        int longer = sides.has(longerName) ? sides.side(longerName) : otherwise;
        int usual = size.isPresent() ? longer : processor.size.height();
        int shorter = sides.has(shorterName) ? sides.side(shorterName) : usual;
        if (longer < shorter) {
            throw sides.wrong(longerName, "at least " + shorterName);
        }
        return unsized.withSizing(new ResizeMode.Within(shorter, longer, padSize()));
    }

    private Preprocessing longerSide() {
        int side = size.map(sides -> sides.side("longest_edge")).orElseGet(this::edge);
        boolean pads = fields.flag("do_pad", true);
        Optional<Size> canvas = pads ? padSize().or(() -> Optional.of(Size.square(side))) : Optional.empty();
        return special(new SpecialResize.LongerSide(side, canvas));
    }

    private Optional<Size> padSize() {
        return fields.has("pad_size") ? size(fields, "pad_size", processor.size, false) : Optional.empty();
    }

    private Preprocessing inputSide(int edge) {
        double fraction = fraction(CONVNEXT_CROP);
        Size input = Size.square(edge);
        return edge >= 384
                ? unsized.withWholePicture(input)
                : unsized.withSizing(new ResizeMode.ShorterSide((int) (edge / fraction)))
                        .withCrop(Optional.of(input));
    }

    private Preprocessing cropShare() {
        if (isShorterSideOrNumber()) {
            return unsized.withSizing(new ResizeMode.ShorterSide((int) (edge() / fraction(POOLFORMER_CROP))));
        }
        Size rectangle = rectangle();
        double fraction = fraction(POOLFORMER_CROP);
        return unsized.withSizing(
                rectangle.height() == rectangle.width()
                        ? new ResizeMode.ShorterSide((int) (rectangle.height() / fraction))
                        : new ResizeMode.Exact(
                                new Size((int) (rectangle.height() / fraction), (int) (rectangle.width() / fraction))));
    }

    private double fraction(double otherwise) {
        double fraction = fields.number("crop_pct").orElse(otherwise);
        if (!(fraction > 0 && fraction <= 1)) {
            throw fields.wrong("crop_pct", "above 0 and at most 1");
        }
        return fraction;
    }

    private Preprocessing centreShare() {
        Size target = rectangle();
        if (!fields.flag("do_center_crop", true)) {
            return unsized.withSizing(new ResizeMode.Exact(target));
        }
        Size crop =
                size(fields, "crop_size", Size.square(processor.crop), false).orElseThrow();
        return special(new SpecialResize.CentreShare(
                (double) target.height() / crop.height(), (double) target.width() / crop.width(), target));
    }

    /** Donut's; its old files give width and height where others give height and width. */
    private Preprocessing thumbnail() {
        Size bounds = size(fields, "size", processor.size, true).orElseThrow();
        boolean pads = fields.flag("do_pad", true);
        Preprocessing shrunk = fields.flag("do_thumbnail", true)
                ? special(new SpecialResize.Thumbnail(bounds))
                : unsized.withSizing(new ResizeMode.ShorterSide(Math.min(bounds.height(), bounds.width())));
        return pads ? shrunk.withCrop(Optional.of(bounds)) : shrunk;
    }

    private Preprocessing byEdge(ByEdge rule) {
        return isShorterSideOrNumber() ? rule.of(edge()) : unsized.withSizing(new ResizeMode.Exact(rectangle()));
    }

    private boolean isShorterSideOrNumber() {
        return size.map(sides -> sides.has("shortest_edge"))
                .orElse(!fields.has("size") || fields.node().get("size").isNumber());
    }

    private int edge() {
        return size.map(sides -> sides.side("shortest_edge"))
                .orElseGet(() -> fields.has("size") ? fields.side("size") : processor.size.height());
    }

    private Size rectangle() {
        return size(fields, "size", processor.size, false).orElseThrow();
    }

    private Preprocessing special(SpecialResize rule) {
        return unsized.withSizing(new ResizeMode.Special(rule));
    }

    private Preprocessing multiple(Preprocessing base, Rounding rounding) {
        String name = fields.has("size_divisibility") ? "size_divisibility" : "size_divisor";
        if (fields.get(name).map(value -> value.asInt(-1) == 0).orElse(false)) {
            return base;
        }
        int divisor = fields.has(name) ? fields.side(name) : DIVISOR;
        return base.withSizing(new ResizeMode.Multiple(base.sizing(), divisor, rounding));
    }

    /** Reads height and width, a list of both, or one number for both sides; {@code swapped} lists begin with width. */
    static Optional<Size> size(JsonFields fields, String name, Size otherwise, boolean swapped) {
        if (!fields.has(name)) {
            return Optional.of(otherwise);
        }
        JsonNode value = fields.node().get(name);
        if (value.isArray()) {
            if (value.size() != 2 || !JsonFields.isSide(value.get(0)) || !JsonFields.isSide(value.get(1))) {
                throw fields.wrong(name, swapped ? "[width, height] in pixels" : "[height, width] in pixels");
            }
            int first = value.get(0).intValue();
            int second = value.get(1).intValue();
            return Optional.of(swapped ? new Size(second, first) : new Size(first, second));
        }
        Optional<JsonFields> sides = fields.object(name);
        if (sides.isPresent()
                && sides.get().has("shortest_edge")
                && !sides.get().has("height")) {
            return Optional.of(Size.square(sides.get().side("shortest_edge")));
        }
        return Optional.of(
                sides.isPresent()
                        ? new Size(sides.get().side("height"), sides.get().side("width"))
                        : Size.square(fields.side(name)));
    }
}
