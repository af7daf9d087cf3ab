package org.vitrail.image;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** Writes resize rules as JSON and reads them; see {@link PreprocessingJson} for the form. */
final class ResizeJson {
    private ResizeJson() {}

    static void write(ObjectNode json, ResizeMode sizing) {
        switch (sizing) {
            case ResizeMode.Keep keep -> {}
            case ResizeMode.ShorterSide(int side) -> json.put("shorter_side", side);
            case ResizeMode.Exact(Size size) -> write(json, size);
            case ResizeMode.Within(int shorter, int longer, Optional<Size> canvas) -> {
                json.put("shorter_side", shorter);
                json.put("longer_side", Math.min(longer, JsonFields.MAX_PIXELS));
                canvas.ifPresent(size -> write(json.putObject("canvas"), size));
            }
            case ResizeMode.Multiple(ResizeMode base, int multiple, ResizeMode.Multiple.Rounding rounding) -> {
                json.put("rule", "multiple").put("multiple", multiple);
                json.put("rounding", rounding.name().toLowerCase(Locale.ROOT));
                write(json.putObject("base"), base);
            }
            case ResizeMode.Special(SpecialResize rule) -> write(json, rule);
        }
    }

    private static void write(ObjectNode json, SpecialResize rule) {
        switch (rule) {
            case SpecialResize.LongerSide(int side, Optional<Size> canvas) -> {
                json.put("rule", "longer_side").put("longer_side", side);
                canvas.ifPresent(size -> write(json.putObject("canvas"), size));
            }
            case SpecialResize.Inside(Size bounds) -> write(json.put("rule", "inside"), bounds);
            case SpecialResize.Cover(Size size) -> write(json.put("rule", "cover"), size);
            case SpecialResize.Capped(int shorter, int longer) ->
                json.put("rule", "capped").put("shorter_side", shorter).put("longer_side", longer);
            case SpecialResize.Proportional(Size size, int multiple) ->
                write(json.put("rule", "proportional").put("multiple", multiple), size);
            case SpecialResize.Squared(Size size) -> write(json.put("rule", "squared"), size);
            case SpecialResize.CentreShare(double rows, double columns, Size size) ->
                write(json.put("rule", "centre").put("rows", rows).put("columns", columns), size);
            case SpecialResize.Thumbnail(Size bounds) -> write(json.put("rule", "thumbnail"), bounds);
        }
    }

    static ResizeMode read(JsonFields json) {
        Optional<String> rule = json.text("rule");
        if (rule.isPresent()) {
            return ofRule(json, rule.get());
        }
        if (json.has("longer_side")) {
            int longer = json.side("longer_side");
            return new ResizeMode.Within(
                    json.side("shorter_side"),
                    longer == JsonFields.MAX_PIXELS ? Integer.MAX_VALUE : longer,
                    canvas(json));
        }
        if (json.has("shorter_side")) {
            return new ResizeMode.ShorterSide(json.side("shorter_side"));
        }
        return new ResizeMode.Exact(size(json));
    }

    private static ResizeMode ofRule(JsonFields json, String rule) {
        return switch (rule) {
            case "multiple" ->
                new ResizeMode.Multiple(
                        json.object("base")
                                .filter(base -> !base.node().isEmpty())
                                .map(ResizeJson::read)
                                .orElse(new ResizeMode.Keep()),
                        json.side("multiple"),
                        rounding(json));
            case "longer_side" ->
                new ResizeMode.Special(new SpecialResize.LongerSide(json.side("longer_side"), canvas(json)));
            case "inside" -> sized(json, SpecialResize.Inside::new);
            case "cover" -> sized(json, SpecialResize.Cover::new);
            case "capped" ->
                new ResizeMode.Special(new SpecialResize.Capped(json.side("shorter_side"), json.side("longer_side")));
            case "proportional" -> sized(json, size -> new SpecialResize.Proportional(size, json.side("multiple")));
            case "squared" -> sized(json, SpecialResize.Squared::new);
            case "centre" ->
                sized(json, size -> new SpecialResize.CentreShare(share(json, "rows"), share(json, "columns"), size));
            case "thumbnail" -> sized(json, SpecialResize.Thumbnail::new);
            default -> throw json.wrong("rule", "a resize rule of this version; use a newer Vitrail");
        };
    }

    private static ResizeMode sized(JsonFields json, Function<Size, SpecialResize> rule) {
        return new ResizeMode.Special(rule.apply(size(json)));
    }

    private static ResizeMode.Multiple.Rounding rounding(JsonFields json) {
        String name = json.text("rounding").orElse("nearest");
        for (ResizeMode.Multiple.Rounding rounding : ResizeMode.Multiple.Rounding.values()) {
            if (rounding.name().equalsIgnoreCase(name)) {
                return rounding;
            }
        }
        throw json.wrong("rounding", "down, nearest or up");
    }

    private static double share(JsonFields json, String name) {
        return json.number(name)
                .filter(share -> share > 0 && share <= 100)
                .orElseThrow(() -> json.wrong(name, "a share above 0"));
    }

    private static Optional<Size> canvas(JsonFields json) {
        return json.object("canvas").map(ResizeJson::size);
    }

    static Size size(JsonFields fields) {
        return new Size(fields.side("height"), fields.side("width"));
    }

    static void write(ObjectNode json, Size size) {
        json.put("height", size.height()).put("width", size.width());
    }
}
