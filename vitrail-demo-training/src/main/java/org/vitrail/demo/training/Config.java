package org.vitrail.demo.training;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.vitrail.demo.training.VisionTransformer.Extents;
import org.vitrail.image.DrawnImages;
import org.vitrail.image.Preprocessing;
import org.vitrail.image.Rgb;

/** The {@code config.json} that timm keeps beside a checkpoint: extents, class names and preprocessing. */
final class Config {
    private Config() {}

    static String json(Extents extents, Preprocessing preprocessing) throws IOException {
        ObjectMapper json = new ObjectMapper();
        ObjectNode config = json.createObjectNode()
                .put("architecture", "vit_demo_patch" + extents.patch() + "_" + extents.side())
                .put("num_classes", extents.classes())
                .put("num_features", extents.width())
                .put("global_pool", "token");
        DrawnImages.classNames().forEach(config.putArray("label_names")::add);
        config.putObject("model_args")
                .put("img_size", extents.side())
                .put("patch_size", extents.patch())
                .put("embed_dim", extents.width())
                .put("depth", extents.depth())
                .put("num_heads", extents.heads())
                .put("mlp_ratio", (double) extents.hidden() / extents.width());
        ObjectNode pretrained = config.putObject("pretrained_cfg")
                .put("interpolation", preprocessing.filter().label())
                .put("crop_pct", 1.0)
                .put("num_classes", extents.classes());
        pretrained.putArray("input_size").add(3).add(extents.side()).add(extents.side());
        put(pretrained, "mean", preprocessing.mean());
        put(pretrained, "std", preprocessing.std());
        return json.writerWithDefaultPrettyPrinter().writeValueAsString(config) + "\n";
    }

    private static void put(ObjectNode node, String name, Rgb value) {
        node.putArray(name).add(value.red()).add(value.green()).add(value.blue());
    }
}
