package org.vitrail.image;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/** Reads timm's {@code pretrained_cfg}. A centre crop is taken from an image resized to {@code ⌊size / crop_pct⌋}. */
final class TimmFile {
    /** timm's crop fraction for a configuration without {@code crop_pct}. */
    private static final double CROP_FRACTION = 0.875;

    private TimmFile() {}

    /** Returns whether the fields are those of timm. */
    static boolean isOne(JsonFields fields) {
        return fields.has("input_size");
    }

    static Preprocessing read(JsonFields fields) {
        Size input = input(fields);
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
                        : new ResizeMode.Special(new SpecialResize.Cover(resized));
            case "squash" -> new ResizeMode.Exact(resized);
            default -> throw fields.wrong("crop_mode", "center or squash");
        };
        return PreprocessingPreset.IMAGENET
                .at(input)
                .withSizing(sizing)
                .withCrop(Optional.of(input))
                .withFilter(filter(fields))
                .withMean(fields.rgb("mean").orElse(PreprocessingPreset.IMAGENET.mean()))
                .withStd(fields.rgb("std").orElse(PreprocessingPreset.IMAGENET.std()));
    }

    private static Size input(JsonFields fields) {
        JsonNode value = fields.node().get("input_size");
        if (value.size() != 3
                || value.get(0).asInt() != 3
                || !JsonFields.isSide(value.get(1))
                || !JsonFields.isSide(value.get(2))) {
            throw fields.wrong("input_size", "[3, height, width]");
        }
        return new Size(value.get(1).asInt(), value.get(2).asInt());
    }

    private static ResizeFilter filter(JsonFields fields) {
        return fields.text("interpolation")
                .map(name -> ResizeFilter.ofName(name)
                        .orElseThrow(() -> fields.wrong("interpolation", "a filter of Pillow, such as bicubic")))
                .orElse(ResizeFilter.BICUBIC);
    }
}
