package org.vitrail.image;

import java.util.Locale;
import java.util.Optional;

/** Named presets of {@link Preprocessing}, for any input size. */
@SuppressWarnings("ImmutableEnumChecker") // its records hold numbers only
public enum PreprocessingPreset {
    /** DeiT and most torchvision models: shorter side 256, crop 224. */
    IMAGENET(224.0 / 256, new Rgb(0.485, 0.456, 0.406), new Rgb(0.229, 0.224, 0.225)),
    /** ViT "augreg" and other models from Google: shorter side 248, crop 224; values from −1 to 1. */
    INCEPTION(0.9, Rgb.grey(0.5), Rgb.grey(0.5)),
    /** CLIP and its relatives: shorter side 224, crop 224. */
    CLIP(1, new Rgb(0.48145466, 0.4578275, 0.40821073), new Rgb(0.26862954, 0.26130258, 0.27577711)),
    /** SigLIP: resized to the input, values from −1 to 1, nothing cropped. */
    SIGLIP(0, Rgb.grey(0.5), Rgb.grey(0.5)),
    /** CIFAR-10 statistics, nothing cropped. */
    CIFAR10(0, new Rgb(0.4914, 0.4822, 0.4465), new Rgb(0.2023, 0.1994, 0.2010)),
    /** Values from 0 to 1, nothing cropped. */
    UNIT(0, Rgb.grey(0), Rgb.grey(1));

    /** Input side divided by resized shorter side; 0 resizes the whole image to the input. */
    private final double cropFraction;

    private final Rgb mean;
    private final Rgb std;

    PreprocessingPreset(double cropFraction, Rgb mean, Rgb std) {
        this.cropFraction = cropFraction;
        this.mean = mean;
        this.std = std;
    }

    /** The preset of this name, ignoring case. */
    public static Optional<PreprocessingPreset> ofName(String name) {
        for (PreprocessingPreset preset : values()) {
            if (preset.label().equalsIgnoreCase(name)) {
                return Optional.of(preset);
            }
        }
        return Optional.empty();
    }

    /** The name in lower case, as the command line shows it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    public Rgb mean() {
        return mean;
    }

    public Rgb std() {
        return std;
    }

    /**
     * The preset for a model input of this size. A square input is cropped from an image whose shorter side is
     * {@code ⌊side / fraction⌋}, as in timm; for any other input the whole image is resized.
     */
    public Preprocessing at(Size input) {
        boolean crops = cropFraction > 0 && input.height() == input.width();
        return new Preprocessing(
                crops
                        ? new ResizeMode.ShorterSide((int) Math.floor(input.height() / cropFraction))
                        : new ResizeMode.Exact(input),
                ResizeFilter.BICUBIC,
                crops ? Optional.of(input) : Optional.empty(),
                Preprocessing.BYTE_RESCALE,
                mean,
                std,
                Layout.NCHW);
    }
}
