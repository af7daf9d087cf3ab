package org.vitrail.image;

import static org.vitrail.image.PreprocessingPreset.IMAGENET;
import static org.vitrail.image.PreprocessingPreset.INCEPTION;
import static org.vitrail.image.PreprocessingPreset.UNIT;
import static org.vitrail.image.ProcessorTrait.BGR;
import static org.vitrail.image.ProcessorTrait.BYTES_TO_BOTH_SIGNS;
import static org.vitrail.image.ProcessorTrait.CROPS_MARGIN;
import static org.vitrail.image.ProcessorTrait.CROP_OFF;
import static org.vitrail.image.ProcessorTrait.DIVIDES_TWICE;
import static org.vitrail.image.ProcessorTrait.FRAMES;
import static org.vitrail.image.ProcessorTrait.MAY_KEEP_RATIO;
import static org.vitrail.image.ProcessorTrait.MULTIPLE_UP;
import static org.vitrail.image.ProcessorTrait.NOT_NORMALISED;
import static org.vitrail.image.ProcessorTrait.NOT_RESCALED;
import static org.vitrail.image.ResizeFilter.BICUBIC;
import static org.vitrail.image.ResizeFilter.BILINEAR;
import static org.vitrail.image.ResizeFilter.NEAREST;
import static org.vitrail.image.SizeRule.CAPPED;
import static org.vitrail.image.SizeRule.CENTRE_SHARE;
import static org.vitrail.image.SizeRule.CROP_SHARE;
import static org.vitrail.image.SizeRule.EXACT;
import static org.vitrail.image.SizeRule.INPUT_SIDE;
import static org.vitrail.image.SizeRule.LONGER_SIDE;
import static org.vitrail.image.SizeRule.OWN_SIDES;
import static org.vitrail.image.SizeRule.SHORTER_SIDE;
import static org.vitrail.image.SizeRule.SHORTER_SIDE_LESS_MARGIN;
import static org.vitrail.image.SizeRule.SQUARED;
import static org.vitrail.image.SizeRule.THUMBNAIL;
import static org.vitrail.image.SizeRule.WITHIN;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Lists the image processors of Hugging Face's transformers with their defaults for fields missing from
 * {@code preprocessor_config.json}, the meaning that each gives to its size, and the models that use it.
 */
@SuppressWarnings("ImmutableEnumChecker") // its records and sets hold constants only
enum HuggingFaceProcessor {
    VIT(
            "ViT",
            "vit swin swinv2 vit_mae vit_msn clipseg dinat nat mgp-str swiftformer ijepa",
            EXACT,
            224,
            0,
            BILINEAR,
            INCEPTION),
    DEIT("DeiT", "deit", EXACT, 256, 224, BICUBIC, INCEPTION),
    BEIT("Beit", "beit data2vec-vision", EXACT, 256, 224, BICUBIC, INCEPTION),
    SIGLIP("Siglip", "siglip", EXACT, 224, 0, BICUBIC, INCEPTION),
    CLIP(
            "CLIP ChineseCLIP Llava",
            "clip clip_vision_model chinese_clip altclip git groupvit kosmos-2 llava vipllava aimv2",
            SHORTER_SIDE,
            224,
            224,
            BICUBIC,
            PreprocessingPreset.CLIP),
    BIT(
            "Bit ViTHybrid",
            "bit dinov2 dinov2_with_registers focalnet hiera vit-hybrid",
            SHORTER_SIDE,
            224,
            224,
            BICUBIC,
            PreprocessingPreset.CLIP),
    LEVIT("Levit", "levit", SHORTER_SIDE_LESS_MARGIN, 224, 224, BICUBIC, IMAGENET),
    CONVNEXT("ConvNext", "convnext convnextv2 cvt resnet regnet van", INPUT_SIDE, 384, 0, BILINEAR, INCEPTION),
    POOLFORMER("PoolFormer", "poolformer", CROP_SHARE, 224, 224, BICUBIC, IMAGENET),
    PERCEIVER("Perceiver", "perceiver", CENTRE_SHARE, 224, 256, BICUBIC, IMAGENET),
    DETR(
            "Detr ConditionalDetr DeformableDetr Deta GroundingDino OneFormer",
            "detr conditional_detr deformable_detr deta grounding-dino table-transformer oneformer",
            WITHIN,
            800,
            0,
            BILINEAR,
            IMAGENET),
    YOLOS("Yolos", "yolos", WITHIN, 800, 0, BILINEAR, IMAGENET),
    MASK_FORMER("MaskFormer Mask2Former", "maskformer mask2former", WITHIN, 800, 0, BILINEAR, IMAGENET, MULTIPLE_UP),
    RT_DETR("RTDetr", "rt_detr rt_detr_v2 d_fine", EXACT, 640, 0, BILINEAR, IMAGENET, NOT_NORMALISED),
    EOMT("Eomt", "eomt", SHORTER_SIDE, 640, 0, BILINEAR, IMAGENET),
    SAM("Sam", "sam", LONGER_SIDE, 1024, 0, BILINEAR, IMAGENET),
    SAM2("Sam2", "sam2", EXACT, 1024, 0, BILINEAR, IMAGENET),
    SEGFORMER("Segformer", "segformer upernet", EXACT, 512, 0, BILINEAR, IMAGENET),
    SEGGPT("SegGpt", "seggpt", EXACT, 448, 0, BICUBIC, IMAGENET),
    GLPN("GLPN", "glpn", OWN_SIDES, 32, 0, BILINEAR, UNIT),
    DPT("DPT", "dpt depth_anything", EXACT, 384, 0, BICUBIC, INCEPTION, MAY_KEEP_RATIO),
    DEPTH_PRO("DepthPro", "depth_pro", EXACT, 1536, 0, BILINEAR, INCEPTION),
    DONUT("Donut", "donut-swin", THUMBNAIL, new Size(2560, 1920), 0, BILINEAR, INCEPTION),
    NOUGAT("Nougat", "nougat", THUMBNAIL, new Size(896, 672), 0, BILINEAR, IMAGENET, CROPS_MARGIN),
    OWLVIT("OwlViT", "owlvit", EXACT, 768, 768, BICUBIC, PreprocessingPreset.CLIP, CROP_OFF),
    OWLV2("Owlv2", "owlv2", SQUARED, 960, 0, BILINEAR, PreprocessingPreset.CLIP),
    MOBILE_NET("MobileNetV1 MobileNetV2", "mobilenet_v1 mobilenet_v2", SHORTER_SIDE, 256, 224, BILINEAR, INCEPTION),
    MOBILE_VIT("MobileViT", "mobilevit mobilevitv2", SHORTER_SIDE, 224, 256, BILINEAR, UNIT, NOT_NORMALISED, BGR),
    EFFICIENT_FORMER("EfficientFormer", "efficientformer", EXACT, 224, 224, BICUBIC, IMAGENET),
    EFFICIENT_NET("EfficientNet", "efficientnet align", EXACT, 346, 289, NEAREST, INCEPTION, CROP_OFF, DIVIDES_TWICE),
    PVT("Pvt", "pvt pvt_v2", EXACT, 224, 0, BILINEAR, IMAGENET),
    TEXT_NET("TextNet", "textnet", SHORTER_SIDE, 640, 224, BILINEAR, IMAGENET, CROP_OFF, MULTIPLE_UP),
    VILT("Vilt", "vilt", CAPPED, 384, 0, BICUBIC, INCEPTION),
    BRIDGE_TOWER("BridgeTower", "bridgetower", CAPPED, 288, 288, BICUBIC, PreprocessingPreset.CLIP),
    BLIP("Blip", "blip blip-2 instructblip", EXACT, 384, 0, BICUBIC, PreprocessingPreset.CLIP),
    GOT_OCR("GotOcr2", "got_ocr2", EXACT, 384, 0, BICUBIC, PreprocessingPreset.CLIP),
    FLAVA("Flava", "flava", EXACT, 224, 224, BICUBIC, PreprocessingPreset.CLIP),
    GEMMA3("Gemma3", "gemma3", EXACT, 224, 0, BILINEAR, INCEPTION),
    LAYOUT_LM2("LayoutLMv2", "layoutlmv2", EXACT, 224, 0, BILINEAR, UNIT, NOT_NORMALISED, NOT_RESCALED, BGR),
    LAYOUT_LM3("LayoutLMv3", "layoutlmv3", EXACT, 224, 0, BILINEAR, INCEPTION),
    DINOV3("DINOv3ViT", "dinov3_vit dinov3_convnext", EXACT, 224, 0, BILINEAR, IMAGENET),
    VIDEO_MAE("VideoMAE", "videomae timesformer", SHORTER_SIDE, 224, 224, BILINEAR, INCEPTION, FRAMES),
    VIVIT("Vivit", "vivit", SHORTER_SIDE, 256, 224, BILINEAR, INCEPTION, FRAMES, BYTES_TO_BOTH_SIGNS),
    OTHER("", "", EXACT, 224, 0, BICUBIC, INCEPTION);

    /** The longest edge for a detector whose file does not state one. */
    static final int DEFAULT_LONGEST_EDGE = 1333;

    /** Processors that do more than resize, crop, pad and normalise. */
    private static final Set<String> BEYOND = Set.of(
            ("Siglip2 ImageGPT Pix2Struct Qwen2VL Qwen2_5_VL Qwen3VL Glm4v Fuyu Idefics2 Idefics3 SmolVLM Mllama Llama4"
                            + " LlavaNext LlavaOnevision Pixtral Aria Emu3 Ovis2 PerceptionLM Cohere2Vision Kosmos2_5"
                            + " ZoeDepth VitPose VitMatte Tvlt Tvp SuperPoint SuperGlue LightGlue EfficientLoFTR"
                            + " Swin2SR Janus DeepseekVL DeepseekVLHybrid Chameleon Idefics VideoLlava InstructBlipVideo")
                    .split(" "));

    final SizeRule sizeRule;
    final Size size;

    /** The default crop size; 0 where nothing is cropped unless the file says so. */
    final int crop;

    final ResizeFilter filter;
    final PreprocessingPreset normalisation;
    private final List<String> prefixes;
    private final List<String> modelTypes;
    private final Set<ProcessorTrait> traits;

    HuggingFaceProcessor(
            String prefixes,
            String modelTypes,
            SizeRule sizeRule,
            int size,
            int crop,
            ResizeFilter filter,
            PreprocessingPreset normalisation,
            ProcessorTrait... traits) {
        this(prefixes, modelTypes, sizeRule, Size.square(size), crop, filter, normalisation, traits);
    }

    HuggingFaceProcessor(
            String prefixes,
            String modelTypes,
            SizeRule sizeRule,
            Size size,
            int crop,
            ResizeFilter filter,
            PreprocessingPreset normalisation,
            ProcessorTrait... traits) {
        this.prefixes = List.of(prefixes.split(" "));
        this.modelTypes = List.of(modelTypes.split(" "));
        this.sizeRule = sizeRule;
        this.size = size;
        this.crop = crop;
        this.filter = filter;
        this.normalisation = normalisation;
        this.traits = traits.length == 0 ? Set.of() : EnumSet.copyOf(Arrays.asList(traits));
    }

    boolean has(ProcessorTrait trait) {
        return traits.contains(trait);
    }

    /**
     * The processor of this class name: the image processor, its fast variant, the older feature extractor or the
     * processor of text and images that contains it.
     */
    static Optional<HuggingFaceProcessor> ofClass(String name) {
        return Arrays.stream(values())
                .filter(processor ->
                        processor != OTHER && processor.prefixes.stream().anyMatch(prefix -> isOf(prefix, name)))
                .findFirst();
    }

    /** The processor that models of this type use, where the file names none. */
    static Optional<HuggingFaceProcessor> ofModelType(String type) {
        return Arrays.stream(values())
                .filter(processor -> processor != OTHER && processor.modelTypes.contains(type))
                .findFirst();
    }

    /** Returns whether a class name is that of a processor known to do more than a {@link Preprocessing} can. */
    static boolean isBeyond(String name) {
        return BEYOND.stream().anyMatch(prefix -> isOf(prefix, name));
    }

    private static boolean isOf(String prefix, String name) {
        return name.equals(prefix + "FeatureExtractor")
                || name.equals(prefix + "Processor")
                || name.startsWith(prefix + "ImageProcessor");
    }
}
