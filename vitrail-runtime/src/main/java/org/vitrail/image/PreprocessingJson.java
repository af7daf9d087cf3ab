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
 * <p>{@code "channels":"bgr"} is there where they are not RGB. {@code resize} is {@code {"shorter_side":n}}, {@code {"height":h,"width":w}}, or {@code
 * {"shorter_side":n,"longer_side":m,"canvas":{"height":h,"width":w}}} with or without the canvas, or has a {@code rule} with that rule's numbers; it and {@code crop} are left out
 * where nothing is resized or cropped.
 */
public final class PreprocessingJson {
    private static final int VERSION = 1;

    private PreprocessingJson() {}

    public static String write(Preprocessing preprocessing) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("version", VERSION);
        if (!(preprocessing.sizing() instanceof ResizeMode.Keep)) {
            ResizeJson.write(json.putObject("resize"), preprocessing.sizing());
        }
        json.put("filter", preprocessing.filter().label());
        preprocessing.crop().ifPresent(size -> ResizeJson.write(json.putObject("crop"), size));
        json.put("rescale", preprocessing.rescale());
        write(json, "mean", preprocessing.mean());
        write(json, "std", preprocessing.std());
        json.put("layout", preprocessing.layout().name().toLowerCase(Locale.ROOT));
        if (preprocessing.channels() != ChannelOrder.RGB) {
            json.put("channels", preprocessing.channels().name().toLowerCase(Locale.ROOT));
        }
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
                resize.map(ResizeJson::read).orElse(new ResizeMode.Keep()),
                fields.text("filter")
                        .flatMap(ResizeFilter::ofName)
                        .orElseThrow(() -> fields.wrong("filter", "a filter's name")),
                fields.object("crop").map(ResizeJson::size),
                fields.number("rescale").orElseThrow(() -> fields.wrong("rescale", "a number")),
                fields.rgb("mean").orElseThrow(() -> fields.wrong("mean", "three numbers")),
                fields.rgb("std").orElseThrow(() -> fields.wrong("std", "three numbers")),
                fields.text("layout").flatMap(Layout::ofName).orElseThrow(() -> fields.wrong("layout", "nchw or nhwc")),
                fields.text("channels")
                        .map(name ->
                                ChannelOrder.ofName(name).orElseThrow(() -> fields.wrong("channels", "rgb or bgr")))
                        .orElse(ChannelOrder.RGB)));
    }

    private static void write(ObjectNode json, String name, Rgb rgb) {
        json.putArray(name).add(rgb.red()).add(rgb.green()).add(rgb.blue());
    }
}
