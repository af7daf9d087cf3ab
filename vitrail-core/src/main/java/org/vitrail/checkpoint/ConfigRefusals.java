package org.vitrail.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.vitrail.tensor.VitrailException;

/**
 * Refuses a {@code config.json} that asks for a computation which the importer does not build. Parameters of another
 * model may have the names and shapes of a supported one; only the configuration tells them apart.
 */
final class ConfigRefusals {
    /** Arguments of timm's models whose effect keys and shapes show, that are read, or that act in training only. */
    private static final Set<String> TIMM_ARGUMENTS = Set.of(
            "img_size",
            "patch_size",
            "in_chans",
            "num_classes",
            "embed_dim",
            "depth",
            "depths",
            "num_heads",
            "mlp_ratio",
            "window_size",
            "qkv_bias",
            "qk_norm",
            "proj_bias",
            "init_values",
            "class_token",
            "reg_tokens",
            "no_embed_class",
            "pre_norm",
            "fc_norm",
            "final_norm",
            "global_pool",
            "act_layer",
            "use_abs_pos_emb",
            "use_rel_pos_bias",
            "use_shared_rel_pos_bias",
            "dynamic_img_size",
            "dynamic_img_pad",
            "strict_img_size",
            "drop_rate",
            "pos_drop_rate",
            "patch_drop_rate",
            "proj_drop_rate",
            "attn_drop_rate",
            "drop_path_rate",
            "weight_init",
            "fix_init",
            "head_init_scale");

    /** Words in names of timm's architectures whose blocks or positions are others. */
    private static final Pattern OTHER_BLOCKS = Pattern.compile(
            "rope|rpn|relpos|parallel|(^|_)eva|naflex|hybrid|resnet|(^|_)xp(_|$)|postnorm|swinv2|dinov3|(^|_)pe_");

    private static final Set<String> TIMM_POOLINGS = Set.of("token", "avg", "map");

    /** Fields of Hugging Face's configurations that speak of computation, and are done, read or without effect. */
    private static final Set<String> KNOWN_FIELDS = Set.of(
            "window_size",
            "num_register_tokens",
            "layerscale_value",
            "layer_scale_init_value",
            "layer_norm_eps",
            "use_mean_pooling",
            "use_relative_position_bias",
            "use_shared_relative_position_bias",
            "use_absolute_position_embeddings",
            "use_absolute_embeddings",
            "use_swiglu_ffn",
            "qkv_bias",
            "pooler_act",
            "pooler_output_size",
            "pool_scales",
            "attention_dropout",
            "attention_probs_dropout_prob",
            "norm_pixel_values");

    /** Words in a field's name that speak of computation: an unknown field with one of them is not ignored. */
    private static final Pattern COMPUTATION = Pattern.compile("(?i)rope|rotary|parallel|(pre|post)_?norm|norm_first"
            + "|norm_type|norm_order|norm_layer|norm_before|norm_after|rms|window|glu|q_?k_?norm|qk_|alibi|relative"
            + "|layer_?scale|pooling|pool_type|register|position_embedding_type|attention_type|attention_bias"
            + "|attn_type|residual|sandwich|moe|experts|quantization|pruned|logit_softcap|head_dim");

    private static final Pattern SUPPORTED_CLASS = Pattern.compile(
            ".*(ForImageClassification|ForImageClassificationWithTeacher|VisionModelWithProjection|Model)");

    private ConfigRefusals() {}

    /** Throws if the configuration asks for something that the importer does not do; {@code where} names the file. */
    static void check(JsonNode config, String where) {
        Optional<String> architecture = TimmArchitecture.nameIn(config);
        if (architecture.isPresent()) {
            timm(config, architecture.get(), where);
        } else {
            huggingFace(config, where);
        }
        square(config, where);
    }

    private static void timm(JsonNode config, String architecture, String where) {
        JsonNode arguments = config.path("model_args");
        Optional<TimmArchitecture> known = TimmArchitecture.named(architecture);
        if (known.isPresent() && known.get().refusal().isPresent()) {
            throw refusal(
                    where,
                    "timm's architecture " + architecture + " is not imported: "
                            + known.get().refusal().get());
        }
        if (known.isEmpty()
                && (arguments.path("num_heads").isMissingNode()
                        || OTHER_BLOCKS.matcher(architecture).find())) {
            throw refusal(where, "timm's architecture \"" + architecture + "\" is not known");
        }
        for (Map.Entry<String, JsonNode> argument : arguments.properties()) {
            if (!TIMM_ARGUMENTS.contains(argument.getKey()) && asks(argument.getValue())) {
                throw refusal(
                        where,
                        "the model argument " + argument.getKey() + " = " + argument.getValue() + " is not done");
            }
        }
        for (JsonNode pooling : Arrays.asList(config.path("global_pool"), arguments.path("global_pool"))) {
            if (pooling.isTextual() && !TIMM_POOLINGS.contains(pooling.asText())) {
                throw refusal(where, "the pooling \"" + pooling.asText() + "\" is not done");
            }
        }
    }

    private static void huggingFace(JsonNode config, String where) {
        JsonNode type = config.path("model_type");
        if (type.isTextual() && NamingScheme.ofModelType(type.asText()).isEmpty()) {
            throw refusal(
                    where,
                    "models of the type \"" + type.asText() + "\" are not imported, only "
                            + String.join(", ", new TreeSet<>(NamingScheme.modelTypes())));
        }
        JsonNode madeFor = config.at("/architectures/0");
        if (madeFor.isTextual() && !SUPPORTED_CLASS.matcher(madeFor.asText()).matches()) {
            throw refusal(
                    where,
                    "a " + madeFor.asText() + " is not imported, only classifiers and the models that give one vector a"
                            + " picture");
        }
        fields(config, where);
        fields(config.path("vision_config"), where);
    }

    private static void fields(JsonNode config, String where) {
        for (Map.Entry<String, JsonNode> field : config.properties()) {
            String name = field.getKey();
            JsonNode value = field.getValue();
            boolean usual =
                    name.equals("position_embedding_type") && value.asText().equals("absolute");
            if (!KNOWN_FIELDS.contains(name)
                    && !usual
                    && COMPUTATION.matcher(name).find()
                    && asks(value)) {
                throw refusal(where, "the field " + name + " = " + value + " is not done");
            }
        }
    }

    private static void square(JsonNode config, String where) {
        JsonNode trained = config.at("/pretrained_cfg/input_size");
        if (trained.size() == 3 && !trained.path(1).equals(trained.path(2))) {
            throw refusal(where, "pretrained_cfg.input_size = " + trained + " is not square, and is not done");
        }
        for (String place : new String[] {
            "/image_size",
            "/patch_size",
            "/vision_config/image_size",
            "/vision_config/patch_size",
            "/model_args/img_size",
            "/model_args/patch_size"
        }) {
            JsonNode size = config.at(place);
            if (size.isArray() && !size.path(0).equals(size.path(1))) {
                throw refusal(
                        where, place.substring(1).replace('/', '.') + " = " + size + " is not square, and is not done");
            }
        }
    }

    /** Returns whether a value asks for something: it is not null, false, zero, or empty. */
    private static boolean asks(JsonNode value) {
        return switch (value.getNodeType()) {
            case NULL, MISSING -> false;
            case BOOLEAN -> value.booleanValue();
            case NUMBER -> value.doubleValue() != 0;
            case STRING -> !value.asText().isEmpty();
            case ARRAY, OBJECT, BINARY, POJO -> !value.isEmpty();
        };
    }

    private static VitrailException refusal(String where, String what) {
        return new VitrailException(where + ": " + what + "; export the model to ONNX and give that file");
    }
}
