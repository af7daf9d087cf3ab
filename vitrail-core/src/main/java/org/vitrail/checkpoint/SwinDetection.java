package org.vitrail.checkpoint;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.vitrail.checkpoint.SwinConfig.Part;
import org.vitrail.checkpoint.SwinConfig.Stage;
import org.vitrail.checkpoint.VisionTransformerConfig.Patches;
import org.vitrail.tensor.VitrailException;

/** Detects the architecture of a Swin transformer: shapes show everything but the size of the pictures and epsilons. */
record SwinDetection(FileParameters parameters, ModelConfig config, ImportOptions options) {
    private static final String HEAD_WEIGHT = "head.weight";

    /** The epsilon of PyTorch, which Hugging Face has in these norms whatever the configuration says. */
    private static final double FIXED_EPSILON = 1e-5;

    SwinConfig model() {
        requireNoOptions();
        parameters.numberMergesFromZero();
        List<Integer> patch = parameters.shape("patch_embed.proj.weight", 4);
        List<Stage> stages = new ArrayList<>();
        while (parameters.has(block(stages.size(), 0) + "norm1.weight")) {
            stages.add(stage(stages.size()));
        }
        if (stages.isEmpty()) {
            parameters.shape(block(0, 0) + "norm1.weight", 1);
        }
        boolean classifies = parameters.has(HEAD_WEIGHT);
        if (!classifies && !parameters.scheme().embeds() && !config.headless()) {
            throw parameters.error("there is no classification head ("
                    + parameters.scheme().theirs(HEAD_WEIGHT) + "); give a checkpoint that was trained to classify");
        }
        NamingScheme scheme = parameters.scheme();
        double epsilon = options.epsilon().orElse(config.epsilon().orElse(scheme.epsilon));
        try {
            return new SwinConfig(
                    new Patches(imageSize(), patch.get(3), patch.get(1)),
                    stages,
                    classifies
                            ? parameters.shape(HEAD_WEIGHT, 2).getFirst()
                            : stages.getLast().width(),
                    parts(classifies),
                    options.activation().or(config::activation).orElse(scheme.activation),
                    epsilon,
                    scheme == NamingScheme.SWIN ? FIXED_EPSILON : epsilon);
        } catch (VitrailException e) {
            throw parameters.error(e.getMessage());
        }
    }

    private void requireNoOptions() {
        if (options.heads().isPresent() || options.norm().isPresent()) {
            throw parameters.error("a Swin transformer has its number of heads in its shapes and its norms before"
                    + " attention and MLP; leave these options out");
        }
    }

    private static String block(int stage, int block) {
        return "layers." + stage + ".blocks." + block + ".";
    }

    private Stage stage(int stage) {
        int depth = 1;
        while (parameters.has(block(stage, depth) + "norm1.weight")) {
            depth++;
        }
        String first = block(stage, 0);
        List<Integer> table = parameters.shape(first + "attn.relative_position_bias_table", 2);
        int span = (int) Math.sqrt(table.getFirst());
        if (span * span != table.getFirst() || span % 2 == 0) {
            throw parameters.error(parameters.scheme().theirs(first + "attn.relative_position_bias_table") + " has "
                    + table.getFirst() + " rows, which is not a number of distances in a square window");
        }
        return new Stage(
                parameters.shape(first + "norm1.weight", 1).getFirst(),
                depth,
                table.get(1),
                (span + 1) / 2,
                parameters.shape(first + "mlp.fc1.weight", 2).getFirst());
    }

    private int imageSize() {
        OptionalInt size = config.imageSize().isPresent() ? config.imageSize() : config.inputSize();
        return size.orElseThrow(() -> parameters.error("the size of its pictures is not known: a Swin transformer's"
                + " keys and shapes do not show it; give the folder with config.json"));
    }

    private Set<Part> parts(boolean classifies) {
        Set<Part> parts = EnumSet.noneOf(Part.class);
        if (classifies) {
            parts.add(Part.HEAD);
        }
        if (parameters.has("pos_embed")) {
            parts.add(Part.POSITIONS);
        }
        if (parameters.has(block(0, 0) + "attn.qkv.bias")) {
            parts.add(Part.QKV_BIAS);
        }
        return parts;
    }
}
