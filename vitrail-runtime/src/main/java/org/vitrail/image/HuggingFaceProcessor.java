package org.vitrail.image;

/**
 * The image processors of Hugging Face's transformers: what each does where {@code preprocessor_config.json} leaves a
 * field out, and what a single number as {@code size} means to it.
 */
@SuppressWarnings("ImmutableEnumChecker") // its records hold numbers only
enum HuggingFaceProcessor {
    VIT("ViT", SizeNumber.BOTH_SIDES, 224, 0, ResizeFilter.BILINEAR, PreprocessingPreset.INCEPTION),
    DEIT("DeiT", SizeNumber.BOTH_SIDES, 256, 224, ResizeFilter.BICUBIC, PreprocessingPreset.INCEPTION),
    BEIT("Beit", SizeNumber.BOTH_SIDES, 256, 224, ResizeFilter.BICUBIC, PreprocessingPreset.INCEPTION),
    SIGLIP("Siglip", SizeNumber.BOTH_SIDES, 224, 0, ResizeFilter.BICUBIC, PreprocessingPreset.INCEPTION),
    CLIP("CLIP", SizeNumber.SHORTER_SIDE, 224, 224, ResizeFilter.BICUBIC, PreprocessingPreset.CLIP),
    BIT("Bit", SizeNumber.SHORTER_SIDE, 224, 224, ResizeFilter.BICUBIC, PreprocessingPreset.CLIP),
    LEVIT("Levit", SizeNumber.SHORTER_SIDE_LESS_MARGIN, 224, 224, ResizeFilter.BICUBIC, PreprocessingPreset.IMAGENET),
    CONVNEXT("ConvNext", SizeNumber.INPUT_SIDE, 384, 0, ResizeFilter.BILINEAR, PreprocessingPreset.INCEPTION),
    DETR("Detr", SizeNumber.WITHIN, 800, 0, ResizeFilter.BILINEAR, PreprocessingPreset.IMAGENET),
    CONDITIONAL_DETR("ConditionalDetr", SizeNumber.WITHIN, 800, 0, ResizeFilter.BILINEAR, PreprocessingPreset.IMAGENET),
    DEFORMABLE_DETR("DeformableDetr", SizeNumber.WITHIN, 800, 0, ResizeFilter.BILINEAR, PreprocessingPreset.IMAGENET),
    YOLOS("Yolos", SizeNumber.WITHIN, 800, 0, ResizeFilter.BILINEAR, PreprocessingPreset.IMAGENET),
    OTHER("", SizeNumber.BOTH_SIDES, 224, 0, ResizeFilter.BICUBIC, PreprocessingPreset.INCEPTION);

    enum SizeNumber {
        BOTH_SIDES,
        SHORTER_SIDE,
        /** The shorter side is resized to 256/224 of the number. */
        SHORTER_SIDE_LESS_MARGIN,
        /** The model's input: below 384 cropped from {@code number / crop_pct}, from there on resized to. */
        INPUT_SIDE,
        /** The shorter side, unless that makes the longer one too long; padded to the model's input. */
        WITHIN
    }

    /** Of the longer side, for a detector's file that names none. */
    static final int DEFAULT_LONGEST_EDGE = 1333;

    final SizeNumber sizeNumber;
    final int size;

    /** 0 where nothing is cropped unless the file says so. */
    final int crop;

    final ResizeFilter filter;
    final PreprocessingPreset normalisation;
    private final String prefix;

    HuggingFaceProcessor(
            String prefix,
            SizeNumber sizeNumber,
            int size,
            int crop,
            ResizeFilter filter,
            PreprocessingPreset normalisation) {
        this.prefix = prefix;
        this.sizeNumber = sizeNumber;
        this.size = size;
        this.crop = crop;
        this.filter = filter;
        this.normalisation = normalisation;
    }

    /** The processor of this class, be it the image processor, its fast variant or the older feature extractor. */
    static HuggingFaceProcessor ofClass(String name) {
        for (HuggingFaceProcessor processor : values()) {
            if (name.equals(processor.prefix + "FeatureExtractor")
                    || name.startsWith(processor.prefix + "ImageProcessor")) {
                return processor;
            }
        }
        return OTHER;
    }
}
