package org.vitrail.checkpoint;

import static org.vitrail.checkpoint.ArchitectureFeature.CLASS_TOKEN;
import static org.vitrail.checkpoint.ArchitectureFeature.DISTILLATION_HEAD;
import static org.vitrail.checkpoint.ArchitectureFeature.DISTILLATION_TOKEN;
import static org.vitrail.checkpoint.ArchitectureFeature.FINAL_NORM;
import static org.vitrail.checkpoint.ArchitectureFeature.LAYER_SCALE;
import static org.vitrail.checkpoint.ArchitectureFeature.PATCH_BIAS;
import static org.vitrail.checkpoint.ArchitectureFeature.QKV_BIAS;
import static org.vitrail.checkpoint.ArchitectureFeature.TOKEN_POSITIONS;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.vitrail.checkpoint.VisionTransformerConfig.Patches;
import org.vitrail.checkpoint.VisionTransformerConfig.Style;
import org.vitrail.tensor.VitrailException;

/** Published vision transformers for ImageNet (224×224 pixels, 1000 classes). */
public enum PublishedArchitecture {
    DEIT_TINY(16, 192, 12, 3, Family.PLAIN),
    DEIT_SMALL(16, 384, 12, 6, Family.PLAIN),
    DEIT_BASE(16, 768, 12, 12, Family.PLAIN),
    DEIT_TINY_DISTILLED(16, 192, 12, 3, Family.DISTILLED),
    DEIT_SMALL_DISTILLED(16, 384, 12, 6, Family.DISTILLED),
    DEIT_BASE_DISTILLED(16, 768, 12, 12, Family.DISTILLED),
    DEIT3_SMALL(16, 384, 12, 6, Family.DEIT3),
    DEIT3_MEDIUM(16, 512, 12, 8, Family.DEIT3),
    DEIT3_BASE(16, 768, 12, 12, Family.DEIT3),
    DEIT3_LARGE(16, 1024, 24, 16, Family.DEIT3),
    DEIT3_HUGE(14, 1280, 32, 16, Family.DEIT3),
    VIT_TINY(16, 192, 12, 3, Family.PLAIN),
    VIT_SMALL(16, 384, 12, 6, Family.PLAIN),
    VIT_BASE(16, 768, 12, 12, Family.PLAIN),
    VIT_LARGE(16, 1024, 24, 16, Family.PLAIN),
    VIT_HUGE(14, 1280, 32, 16, Family.PLAIN);

    private static final Pattern NAME = Pattern.compile("(.+?)(?:-(\\d{1,4}))?");

    private final int patchSize;
    private final int width;
    private final int depth;
    private final int heads;
    private final Family family;

    private enum Family {
        PLAIN(CLASS_TOKEN, TOKEN_POSITIONS),
        DISTILLED(CLASS_TOKEN, DISTILLATION_TOKEN, DISTILLATION_HEAD, TOKEN_POSITIONS),
        DEIT3(CLASS_TOKEN, LAYER_SCALE);

        @SuppressWarnings("ImmutableEnumChecker") // an unmodifiable set of enum values
        private final Set<ArchitectureFeature> features;

        Family(ArchitectureFeature... own) {
            Set<ArchitectureFeature> all = EnumSet.of(PATCH_BIAS, QKV_BIAS, FINAL_NORM);
            all.addAll(Arrays.asList(own));
            features = Collections.unmodifiableSet(all);
        }
    }

    PublishedArchitecture(int patchSize, int width, int depth, int heads, Family family) {
        this.patchSize = patchSize;
        this.width = width;
        this.depth = depth;
        this.heads = heads;
        this.family = family;
    }

    /** The name that users write, as in {@code deit-tiny}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public VisionTransformerConfig model() {
        return new VisionTransformerConfig(
                new Patches(224, patchSize, 3),
                width,
                depth,
                heads,
                4 * width,
                1000,
                family.features,
                new Style(Pooling.CLASS_TOKEN, NormPlacement.BEFORE, ActivationFunction.GELU, 1e-6));
    }

    /**
     * Returns the architecture for a name such as {@code deit-base} or, for another image size, {@code deit-base-384}.
     */
    public static VisionTransformerConfig parse(String name) {
        Matcher parts = NAME.matcher(name);
        if (parts.matches()) {
            for (PublishedArchitecture shape : values()) {
                if (shape.label().equals(parts.group(1))) {
                    return parts.group(2) == null
                            ? shape.model()
                            : shape.model().withImageSize(Integer.parseInt(parts.group(2)));
                }
            }
        }
        throw new VitrailException("no architecture has the name \"" + name + "\"; there are "
                + Arrays.stream(values()).map(PublishedArchitecture::label).collect(Collectors.joining(", "))
                + ", each also with an image size appended (deit-base-384)");
    }
}
