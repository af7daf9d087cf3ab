package org.vitrail.image;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.vitrail.tensor.VitrailException;

/**
 * Reads preprocessing from the configuration files of models: {@code preprocessor_config.json} of Hugging Face's
 * transformers, and {@code config.json} of timm. Steps that Vitrail does not support are errors, never ignored.
 */
public final class PreprocessingFiles {
    /** timm's crop fraction for a configuration without {@code crop_pct}. */
    private static final double CROP_FRACTION = 0.875;

    private PreprocessingFiles() {}

    /** The preprocessing that a model's folder declares, in either form; empty if it declares none. */
    public static Optional<Preprocessing> find(Path folder) {
        Path huggingFace = folder.resolve("preprocessor_config.json");
        if (Files.exists(huggingFace)) {
            return Optional.of(ofHuggingFace(text(huggingFace), huggingFace.toString()));
        }
        Path config = folder.resolve("config.json");
        return Files.exists(config) ? ofTimm(text(config), config.toString()) : Optional.empty();
    }

    /**
     * Reads {@code pretrained_cfg} in timm's {@code config.json}, or the same fields at its top level; empty if it has
     * no {@code input_size}. A centre crop is taken from an image resized to {@code ⌊size / crop_pct⌋}.
     */
    public static Optional<Preprocessing> ofTimm(String json, String where) {
        JsonFields file = JsonFields.parse(json, where);
        JsonFields fields = file.object("pretrained_cfg").orElse(file);
        return fields.get("input_size").map(value -> fields.build(() -> ofTimm(fields, timmInput(fields, value))));
    }

    private static Preprocessing ofTimm(JsonFields fields, Size input) {
        double fraction = fields.number("crop_pct").orElse(CROP_FRACTION);
        if (!(fraction > 0 && fraction <= 1)) {
            throw fields.wrong("crop_pct", "above 0 and at most 1");
        }
        Size resized =
                new Size((int) Math.floor(input.height() / fraction), (int) Math.floor(input.width() / fraction));
        ResizeMode sizing = switch (fields.text("crop_mode").orElse("center")) {
            case "center" ->
                resized.height() == resized.width()
                        ? new ResizeMode.ShorterSide(resized.height())
                        : new ResizeMode.Exact(resized);
            case "squash" -> new ResizeMode.Exact(resized);
            default -> throw fields.wrong("crop_mode", "center or squash");
        };
        return new Preprocessing(
                sizing,
                timmFilter(fields),
                Optional.of(input),
                Preprocessing.BYTE_RESCALE,
                fields.rgb("mean").orElse(PreprocessingPreset.IMAGENET.mean()),
                fields.rgb("std").orElse(PreprocessingPreset.IMAGENET.std()),
                Layout.NCHW);
    }

    private static Size timmInput(JsonFields fields, JsonNode value) {
        if (value.size() != 3
                || value.get(0).asInt() != 3
                || value.get(1).asInt() < 1
                || value.get(2).asInt() < 1) {
            throw fields.wrong("input_size", "[3, height, width]");
        }
        return new Size(value.get(1).asInt(), value.get(2).asInt());
    }

    private static ResizeFilter timmFilter(JsonFields fields) {
        return fields.text("interpolation")
                .map(name -> ResizeFilter.ofName(name)
                        .orElseThrow(() -> fields.wrong("interpolation", "a filter of Pillow, such as bicubic")))
                .orElse(ResizeFilter.BICUBIC);
    }

    /** Reads {@code preprocessor_config.json}, in its present form and that of old feature extractors. */
    public static Preprocessing ofHuggingFace(String json, String where) {
        JsonFields fields = JsonFields.parse(json, where);
        return fields.build(() -> ofHuggingFace(fields));
    }

    private static Preprocessing ofHuggingFace(JsonFields fields) {
        for (String name : List.of("do_flip_channel_order", "rescale_offset")) {
            if (fields.flag(name, false)) {
                throw fields.wrong(name, "false: Vitrail has no such step");
            }
        }
        HuggingFaceProcessor processor = HuggingFaceProcessor.ofClass(fields.text("image_processor_type")
                .or(() -> fields.text("feature_extractor_type"))
                .orElse(""));
        boolean normalises = fields.flag("do_normalize", true);
        PreprocessingPreset otherwise = processor.normalisation;
        Preprocessing unsized = new Preprocessing(
                new ResizeMode.Keep(),
                huggingFaceFilter(fields, processor),
                huggingFaceCrop(fields, processor),
                fields.flag("do_rescale", true)
                        ? fields.number("rescale_factor").orElse(Preprocessing.BYTE_RESCALE)
                        : 1,
                normalises ? fields.rgb("image_mean").orElse(otherwise.mean()) : Rgb.grey(0),
                normalises ? fields.rgb("image_std").orElse(otherwise.std()) : Rgb.grey(1),
                Layout.NCHW);
        return fields.flag("do_resize", true) ? sized(unsized, fields, processor) : unsized;
    }

    private static ResizeFilter huggingFaceFilter(JsonFields fields, HuggingFaceProcessor processor) {
        return fields.get("resample")
                .map(number -> ResizeFilter.ofPillowNumber(number.asInt(-1))
                        .orElseThrow(() -> fields.wrong("resample", "a filter number of Pillow, 0 to 5")))
                .orElse(processor.filter);
    }

    private static Optional<Size> huggingFaceCrop(JsonFields fields, HuggingFaceProcessor processor) {
        if (!fields.flag("do_center_crop", processor.crop > 0)) {
            return Optional.empty();
        }
        Optional<Size> rectangle = fields.object("crop_size").map(PreprocessingFiles::rectangle);
        return rectangle.or(() -> Optional.of(Size.square(
                fields.has("crop_size") || processor.crop == 0 ? fields.side("crop_size") : processor.crop)));
    }

    private static Preprocessing sized(Preprocessing unsized, JsonFields fields, HuggingFaceProcessor processor) {
        Optional<JsonFields> size = fields.object("size");
        boolean pads = fields.flag("do_pad", processor.sizeNumber == HuggingFaceProcessor.SizeNumber.WITHIN);
        if (pads || size.map(sides -> sides.has("longest_edge")).orElse(false)) {
            return within(unsized, fields, size, processor);
        }
        if (size.isEmpty()) {
            int number = fields.has("size") ? fields.side("size") : processor.size;
            return processor.sizeNumber == HuggingFaceProcessor.SizeNumber.BOTH_SIDES
                    ? unsized.withSizing(new ResizeMode.Exact(Size.square(number)))
                    : shortestEdge(unsized, number, fields, processor);
        }
        return size.get().has("shortest_edge")
                ? shortestEdge(unsized, size.get().side("shortest_edge"), fields, processor)
                : unsized.withSizing(new ResizeMode.Exact(rectangle(size.get())));
    }

    /**
     * Reads the sizes of detectors, and of models that state only the longest edge; older files call it
     * {@code max_size}.
     */
    private static Preprocessing within(
            Preprocessing unsized, JsonFields fields, Optional<JsonFields> size, HuggingFaceProcessor processor) {
        if (size.isPresent() && size.get().has("height")) {
            return unsized.withSizing(new ResizeMode.Exact(rectangle(size.get())));
        }
        JsonFields sides = size.orElse(fields);
        String shorterName = size.isPresent() ? "shortest_edge" : "size";
        String longerName = size.isPresent() ? "longest_edge" : "max_size";
        int otherwise = size.isPresent() ? Integer.MAX_VALUE : HuggingFaceProcessor.DEFAULT_LONGEST_EDGE;
        int longer = sides.has(longerName) ? sides.side(longerName) : otherwise;
        int usual = size.isPresent() ? longer : processor.size;
        int shorter = sides.has(shorterName) ? sides.side(shorterName) : usual;
        if (longer < shorter) {
            throw sides.wrong(longerName, "at least " + shorterName);
        }
        return unsized.withSizing(
                new ResizeMode.Within(shorter, longer, fields.object("pad_size").map(PreprocessingFiles::rectangle)));
    }

    private static Preprocessing shortestEdge(
            Preprocessing unsized, int edge, JsonFields fields, HuggingFaceProcessor processor) {
        return switch (processor.sizeNumber) {
            case BOTH_SIDES, SHORTER_SIDE, WITHIN -> unsized.withSizing(new ResizeMode.ShorterSide(edge));
            case SHORTER_SIDE_LESS_MARGIN -> unsized.withSizing(new ResizeMode.ShorterSide((int) (256 / 224.0 * edge)));
            case INPUT_SIDE -> {
                double fraction = fields.number("crop_pct").orElse(224 / 256.0);
                Size input = Size.square(edge);
                yield edge >= 384
                        ? unsized.withWholePicture(input)
                        : unsized.withSizing(new ResizeMode.ShorterSide((int) (edge / fraction)))
                                .withCrop(Optional.of(input));
            }
        };
    }

    private static Size rectangle(JsonFields size) {
        return new Size(size.side("height"), size.side("width"));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new VitrailException(file + ": cannot be read (" + e.getMessage() + ")", e);
        }
    }
}
