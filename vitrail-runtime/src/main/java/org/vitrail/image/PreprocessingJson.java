package org.vitrail.image;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Optional;
import org.vitrail.tensor.VitrailException;

/**
 * Writes {@link Preprocessing} as compact JSON, for a model's metadata, and reads it:
 *
 * <pre>  {"version":1,"resize":{"shorter_side":256},"filter":"bicubic","crop":{"height":224,"width":224},
 *   "rescale":0.00392156862745098,"mean":[0.485,0.456,0.406],"std":[0.229,0.224,0.225],"layout":"nchw"}</pre>
 *
 * <p>{@code resize} is {@code {"shorter_side":n}}, {@code {"height":h,"width":w}}, or {@code
 * {"shorter_side":n,"longer_side":m,"canvas":{"height":h,"width":w}}} with or without the canvas; it and {@code crop} are left out
 * where nothing is resized or cropped.
 */
public final class PreprocessingJson {
    private static final int VERSION = 1;

    private PreprocessingJson() {}

    public static String write(Preprocessing preprocessing) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("version", VERSION);
        switch (preprocessing.sizing()) {
            case ResizeMode.Keep keep -> {}
            case ResizeMode.ShorterSide(int side) -> json.putObject("resize").put("shorter_side", side);
            case ResizeMode.Exact(Size size) -> write(json.putObject("resize"), size);
            case ResizeMode.Within(int shorter, int longer, Optional<Size> canvas) -> {
                ObjectNode resize = json.putObject("resize").put("shorter_side", shorter);
                resize.put("longer_side", Math.min(longer, JsonFields.MAX_PIXELS));
                canvas.ifPresent(size -> write(resize.putObject("canvas"), size));
            }
        }
        json.put("filter", preprocessing.filter().label());
        preprocessing.crop().ifPresent(size -> write(json.putObject("crop"), size));
        json.put("rescale", preprocessing.rescale());
        write(json, "mean", preprocessing.mean());
        write(json, "std", preprocessing.std());
        json.put("layout", preprocessing.layout().name().toLowerCase(Locale.ROOT));
        return json.toString();
    }

    /** Reads what {@link #write} wrote; {@code where} names the place in messages. */
    public static Preprocessing read(String json, String where) {
        JsonFields fields = JsonFields.parse(json, where);
        int version = fields.side("version");
        if (version != VERSION) {
            throw new VitrailException(where + ": preprocessing has version " + version
                    + ", but this program reads version " + VERSION + "; use a newer Vitrail");
        }
        Optional<JsonFields> resize = fields.object("resize");
        return fields.build(() -> new Preprocessing(
                resize.map(PreprocessingJson::sizing).orElse(new ResizeMode.Keep()),
                fields.text("filter")
                        .flatMap(ResizeFilter::ofName)
                        .orElseThrow(() -> fields.wrong("filter", "a filter's name")),
                fields.object("crop").map(PreprocessingJson::size),
                fields.number("rescale").orElseThrow(() -> fields.wrong("rescale", "a number")),
                fields.rgb("mean").orElseThrow(() -> fields.wrong("mean", "three numbers")),
                fields.rgb("std").orElseThrow(() -> fields.wrong("std", "three numbers")),
                fields.text("layout")
                        .flatMap(Layout::ofName)
                        .orElseThrow(() -> fields.wrong("layout", "nchw or nhwc"))));
    }

    private static ResizeMode sizing(JsonFields resize) {
        if (resize.has("longer_side")) {
            int longer = resize.side("longer_side");
            return new ResizeMode.Within(
                    resize.side("shorter_side"),
                    longer == JsonFields.MAX_PIXELS ? Integer.MAX_VALUE : longer,
                    resize.object("canvas").map(PreprocessingJson::size));
        }
        return resize.has("shorter_side")
                ? new ResizeMode.ShorterSide(resize.side("shorter_side"))
                : new ResizeMode.Exact(size(resize));
    }

    private static Size size(JsonFields fields) {
        return new Size(fields.side("height"), fields.side("width"));
    }

    private static void write(ObjectNode json, Size size) {
        json.put("height", size.height()).put("width", size.width());
    }

    private static void write(ObjectNode json, String name, Rgb rgb) {
        json.putArray(name).add(rgb.red()).add(rgb.green()).add(rgb.blue());
    }
}
