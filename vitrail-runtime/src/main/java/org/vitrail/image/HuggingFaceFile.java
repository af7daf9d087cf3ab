package org.vitrail.image;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Reads the fields of {@code preprocessor_config.json}, in its present form and that of old feature extractors, with
 * the defaults of the image processor that it names.
 */
final class HuggingFaceFile {
    /** Fields that say how a picture becomes input; a file without any of them says nothing about it. */
    private static final List<String> SIGNS = List.of(
            "image_mean",
            "image_std",
            "size",
            "crop_size",
            "resample",
            "rescale_factor",
            "do_resize",
            "do_rescale",
            "do_center_crop",
            "do_flip_channel_order",
            "do_pad");

    private static final String TYPE = "image_processor_type";
    private static final String OLD_TYPE = "feature_extractor_type";

    /** Fields that are obeyed, or that a processor ignores while another field switches them off. */
    private static final Set<String> OBEYED = Set.of(
            ("size max_size crop_size crop_pct resample image_mean image_std rescale_factor rescale_offset include_top"
                            + " do_resize do_rescale do_normalize do_center_crop do_flip_channel_order do_pad pad_size"
                            + " do_resize_and_center_crop default_to_square do_thumbnail")
                    .split(" "));

    /** Fields without an effect on the picture: formats, labels, texts and batches. */
    private static final Set<String> IRRELEVANT = Set.of(
            ("do_convert_rgb do_convert_annotations do_reduce_labels reduce_labels do_remap_labels disable_grouping"
                            + " pad_and_return_pixel_mask mask_size mask_pad_size image_seq_length num_channels"
                            + " return_pixel_mask input_data_format data_format model_input_names patch_size_info"
                            + " do_ocr apply_ocr size_info do_sample_frames num_frames fps")
                    .split(" "));

    /** Parts of the names of fields that change the picture. */
    private static final List<String> TELLING = List.of(
            "size",
            "pad",
            "crop",
            "resiz",
            "resampl",
            "scale",
            "mean",
            "std",
            "patch",
            "pixel",
            "edge",
            "colo",
            "channel",
            "ratio",
            "rotat",
            "align",
            "flip",
            "norm",
            "tile",
            "split",
            "multiple",
            "divis",
            "thumb",
            "interpol",
            "gamma",
            "gray",
            "grey",
            "quantiz",
            "blur",
            "grid");

    private final JsonFields fields;
    private final String name;
    private final HuggingFaceProcessor processor;

    private HuggingFaceFile(JsonFields fields, Optional<String> modelType) {
        this.fields = fields;
        this.name = fields.text(TYPE).or(() -> fields.text(OLD_TYPE)).orElse("");
        this.processor = HuggingFaceProcessor.ofClass(name)
                .or(() -> name.isEmpty()
                        ? fields.text("processor_class")
                                .flatMap(HuggingFaceProcessor::ofClass)
                                .or(() -> modelType.flatMap(HuggingFaceProcessor::ofModelType))
                        : Optional.empty())
                .orElse(HuggingFaceProcessor.OTHER);
    }

    /** Returns whether one of the fields says how a picture becomes input. */
    static boolean isOne(JsonFields fields) {
        return !fields.has("sampling_rate")
                && (SIGNS.stream().anyMatch(fields::has)
                        || fields.has(TYPE)
                        || fields.text(OLD_TYPE)
                                .flatMap(HuggingFaceProcessor::ofClass)
                                .isPresent());
    }

    /**
     * Reads the fields.
     *
     * @param modelType the model's type in {@code config.json}, which implies a processor where the file names none
     */
    static Preprocessing read(JsonFields fields, Optional<String> modelType) {
        return fields.build(() -> new HuggingFaceFile(fields, modelType).read());
    }

    private Preprocessing read() {
        checkFields();
        boolean normalises = fields.flag("do_normalize", !processor.has(ProcessorTrait.NOT_NORMALISED));
        boolean rescales = fields.flag("do_rescale", !processor.has(ProcessorTrait.NOT_RESCALED));
        boolean offset = rescales && fields.flag("rescale_offset", processor.has(ProcessorTrait.BYTES_TO_BOTH_SIGNS));
        double usual = processor.has(ProcessorTrait.BYTES_TO_BOTH_SIGNS) ? 1 / 127.5 : Preprocessing.BYTE_RESCALE;
        Rgb mean = normalises ? fields.rgb("image_mean").orElse(processor.normalisation.mean()) : Rgb.grey(0);
        Rgb std = normalises ? fields.rgb("image_std").orElse(processor.normalisation.std()) : Rgb.grey(1);
        boolean twice = normalises && processor.has(ProcessorTrait.DIVIDES_TWICE) && fields.flag("include_top", true);
        Preprocessing unsized = new Preprocessing(
                new ResizeMode.Keep(),
                filter(),
                crop(),
                rescales ? fields.number("rescale_factor").orElse(usual) : 1,
                offset ? new Rgb(mean.red() + 1, mean.green() + 1, mean.blue() + 1) : mean,
                twice ? new Rgb(std.red() * std.red(), std.green() * std.green(), std.blue() * std.blue()) : std,
                processor.has(ProcessorTrait.FRAMES) ? Layout.FCHW : Layout.NCHW,
                fields.flag("do_flip_channel_order", processor.has(ProcessorTrait.BGR))
                        ? ChannelOrder.BGR
                        : ChannelOrder.RGB);
        return fields.flag("do_resize", true) ? HuggingFaceSize.sized(unsized, fields, processor) : unsized;
    }

    /** Refuses processors, and fields that ask for a step, that are not followed. */
    private void checkFields() {
        if (HuggingFaceProcessor.isBeyond(name)) {
            throw fields.wrong(
                    fields.has(TYPE) ? TYPE : OLD_TYPE,
                    "of a processor that resizes, crops, pads and normalises one picture");
        }
        if (processor == HuggingFaceProcessor.OTHER && !name.isEmpty()) {
            boolean normalises = fields.flag("do_normalize", true);
            Stream.of("size", "resample", normalises ? "image_mean" : "size", normalises ? "image_std" : "size")
                    .filter(field -> !fields.has(field) && fields.flag("do_resize", true))
                    .findFirst()
                    .ifPresent(field -> {
                        throw fields.missing(field, "the default of " + name + " is not known");
                    });
        }
        for (Iterator<String> names = fields.node().fieldNames(); names.hasNext(); ) {
            String field = names.next();
            if (fields.has(field) && !OBEYED.contains(field) && !IRRELEVANT.contains(field) && !isObeyed(field)) {
                checkUnknown(field);
            }
        }
        if (processor.has(ProcessorTrait.CROPS_MARGIN) && fields.flag("do_crop_margin", true)) {
            throw fields.missing("do_crop_margin", "its default is true, and there is no such step");
        }
        if (!fields.flag("do_resize_and_center_crop", true)) {
            throw fields.wrong("do_resize_and_center_crop", "true");
        }
    }

    /** Returns whether this processor has the field among those of its own, which {@link HuggingFaceSize} reads. */
    private boolean isObeyed(String field) {
        return switch (field) {
            case "keep_aspect_ratio", "ensure_multiple_of" -> processor.has(ProcessorTrait.MAY_KEEP_RATIO);
            case "size_divisor", "size_divisibility" ->
                processor.has(ProcessorTrait.MULTIPLE_UP)
                        || processor.has(ProcessorTrait.MAY_KEEP_RATIO)
                        || processor.sizeRule == SizeRule.OWN_SIDES
                        || processor.sizeRule == SizeRule.CAPPED;
            default -> field.startsWith("codebook_");
        };
    }

    private void checkUnknown(String field) {
        JsonNode value = fields.node().get(field);
        boolean isStep = field.startsWith("do_");
        boolean isOff = value.isBoolean() && !value.booleanValue();
        if (isStep && !isOff) {
            throw fields.wrong(field, "false: Vitrail has no such step");
        }
        if (!isStep && !isOff && !value.isTextual() && TELLING.stream().anyMatch(field::contains)) {
            throw fields.wrong(field, "left out: Vitrail does not know what it asks for");
        }
    }

    private ResizeFilter filter() {
        return fields.get("resample")
                .map(value -> (value.isTextual()
                                ? ResizeFilter.ofName(value.textValue())
                                : ResizeFilter.ofPillowNumber(value.isInt() ? value.intValue() : -1))
                        .orElseThrow(() -> fields.wrong("resample", "a filter number of Pillow, 0 to 5")))
                .orElse(processor.filter);
    }

    private Optional<Size> crop() {
        boolean usual = processor.crop > 0 && !processor.has(ProcessorTrait.CROP_OFF);
        if (processor.sizeRule == SizeRule.CENTRE_SHARE || !fields.flag("do_center_crop", usual)) {
            return Optional.empty();
        }
        return Optional.of(HuggingFaceSize.size(fields, "crop_size", Size.square(Math.max(1, processor.crop)), false)
                .filter(size -> fields.has("crop_size") || processor.crop > 0)
                .orElseThrow(() -> fields.missing("crop_size", "do_center_crop is true")));
    }
}
