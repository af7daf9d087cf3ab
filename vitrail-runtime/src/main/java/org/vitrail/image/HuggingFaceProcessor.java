package org.vitrail.image;

/**
 * Lists the image processors of Hugging Face's transformers with their defaults for fields missing from
 * {@code preprocessor_config.json}, and the meaning that each gives to a single number as {@code size}.
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
        /**
         * The side of the model's input: below 384, a crop from {@code number / crop_pct}; from 384 on, the target of
         * the resize.
         */
        INPUT_SIDE,
        /** The shorter side, unless the longer one would become too long; the image is padded to the model's input. */
        WITHIN
    }

    /** The longest edge for a detector whose file does not state one. */
    static final int DEFAULT_LONGEST_EDGE = 1333;

    final SizeNumber sizeNumber;
    final int size;

    /** The default crop size; 0 where nothing is cropped unless the file says so. */
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

    /** The processor of this class name: the image processor, its fast variant or the older feature extractor. */
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
