package org.vitrail.detection;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.vitrail.detection.CocoAnnotations.AnnotatedImage;
import org.vitrail.detection.CocoAnnotations.CategoryObject;
import org.vitrail.image.Size;
import org.vitrail.tensor.InputFile;
import org.vitrail.tensor.VitrailException;

/**
 * Reads annotation files in COCO's format ({@code instances_val2017.json}): an object with {@code images} (id, width,
 * height, file_name), {@code annotations} (image_id, category_id, bbox as left, top, width, height; area, iscrowd) and
 * {@code categories} (id, name). Other fields, such as segmentations, are skipped without being held in memory.
 * Annotations of images that the file does not list are ignored, as in pycocotools.
 */
public final class CocoFile {
    private static final int MAX_IMAGES = 1_000_000;
    private static final int MAX_OBJECTS = 2_000_000;
    private static final int MAX_NAME_CHARACTERS = 4096;

    private final Path file;
    private final JsonParser json;
    private final Map<String, AnnotatedImage> images = new LinkedHashMap<>();
    private final Map<Long, List<CategoryObject>> objects = new HashMap<>();
    private final Map<Long, String> categories = new LinkedHashMap<>();
    private final List<String> sections = new ArrayList<>();
    private int objectCount;

    private CocoFile(Path file, JsonParser json) {
        this.file = file;
        this.json = json;
    }

    /** Reads a file; throws {@link VitrailException} with the position of the first error. */
    public static CocoAnnotations read(Path file) {
        InputFile.requireRegular(file);
        try (InputStream in = Files.newInputStream(file);
                JsonParser json = new JsonFactory().createParser(in)) {
            return new CocoFile(file, json).read();
        } catch (JsonProcessingException e) {
            throw new VitrailException(
                    file + " is not JSON (" + e.getOriginalMessage() + "): give an annotation file in COCO's format",
                    e);
        } catch (NoSuchFileException e) {
            throw new VitrailException("there is no file " + file, e);
        } catch (IOException e) {
            throw new VitrailException(file + " cannot be read: " + InputFile.reason(e), e);
        }
    }

    private interface Entry {
        void read(String where) throws IOException;
    }

    private CocoAnnotations read() throws IOException {
        if (json.nextToken() != JsonToken.START_OBJECT) {
            throw new VitrailException(
                    file + ": wanted a JSON object with images, annotations and categories, as COCO's files have");
        }
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            json.nextToken();
            switch (name) {
                case "images" -> each(name, this::image);
                case "annotations" -> each(name, this::object);
                case "categories" -> each(name, this::category);
                default -> json.skipChildren();
            }
        }
        for (String section : List.of("images", "annotations", "categories")) {
            if (!sections.contains(section)) {
                throw new VitrailException(file + ": field \"" + section + "\" is missing");
            }
        }
        for (Map.Entry<Long, List<CategoryObject>> ofImage : objects.entrySet()) {
            for (CategoryObject object : ofImage.getValue()) {
                if (!categories.containsKey(object.category())) {
                    throw new VitrailException(file + ": image " + ofImage.getKey() + " has an object of category "
                            + object.category() + ", which the file does not list");
                }
            }
        }
        images.replaceAll((name, image) ->
                new AnnotatedImage(image.id(), image.size(), List.copyOf(objects.getOrDefault(image.id(), List.of()))));
        return new CocoAnnotations(file, images, categories);
    }

    private void each(String section, Entry entry) throws IOException {
        sections.add(section);
        if (json.currentToken() != JsonToken.START_ARRAY) {
            throw new VitrailException(
                    file + ": field \"" + section + "\" must be an array, got " + json.currentToken());
        }
        int index = 0;
        while (json.nextToken() != JsonToken.END_ARRAY) {
            String where = file + ", " + section + "[" + index++ + "]";
            if (json.currentToken() != JsonToken.START_OBJECT) {
                throw new VitrailException(where + ": wanted an object, got " + json.getText());
            }
            entry.read(where);
        }
    }

    private void image(String where) throws IOException {
        Numbers numbers = new Numbers(where);
        String name = "";
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String field = json.currentName();
            json.nextToken();
            switch (field) {
                case "id", "width", "height" -> numbers.read(field);
                case "file_name" -> name = text(where, field);
                default -> json.skipChildren();
            }
        }
        if (name.isEmpty()) {
            throw new VitrailException(where + ": field \"file_name\" is missing");
        }
        Size size = new Size(numbers.side("height"), numbers.side("width"));
        if (images.put(name, new AnnotatedImage(numbers.whole("id"), size, List.of())) != null) {
            throw new VitrailException(where + ": there is a second image named " + name);
        }
        if (images.size() > MAX_IMAGES) {
            throw new VitrailException(file + ": more than " + MAX_IMAGES + " images; split the file");
        }
    }

    private void object(String where) throws IOException {
        Numbers numbers = new Numbers(where);
        double[] box = new double[0];
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String field = json.currentName();
            json.nextToken();
            switch (field) {
                case "image_id", "category_id", "area", "iscrowd" -> numbers.read(field);
                case "bbox" -> box = box(where);
                default -> json.skipChildren();
            }
        }
        if (box.length == 0) {
            throw new VitrailException(where + ": field \"bbox\" is missing");
        }
        Box found = new Box(box[0], box[1], box[2], box[3]);
        if (++objectCount > MAX_OBJECTS) {
            throw new VitrailException(file + ": more than " + MAX_OBJECTS + " annotations; split the file");
        }
        objects.computeIfAbsent(numbers.whole("image_id"), id -> new ArrayList<>())
                .add(new CategoryObject(
                        numbers.whole("category_id"),
                        found,
                        numbers.optional("area").orElse(found.area()),
                        numbers.optional("iscrowd").orElse(0) != 0));
    }

    private void category(String where) throws IOException {
        Numbers numbers = new Numbers(where);
        String name = "";
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String field = json.currentName();
            json.nextToken();
            switch (field) {
                case "id" -> numbers.read(field);
                case "name" -> name = text(where, field);
                default -> json.skipChildren();
            }
        }
        categories.put(numbers.whole("id"), name);
        if (categories.size() > MAX_IMAGES) {
            throw new VitrailException(file + ": more than " + MAX_IMAGES + " categories");
        }
    }

    private String text(String where, String field) throws IOException {
        if (json.currentToken() != JsonToken.VALUE_STRING || json.getTextLength() > MAX_NAME_CHARACTERS) {
            throw new VitrailException(where + ": field \"" + field + "\" must be a short text");
        }
        return json.getText();
    }

    private double[] box(String where) throws IOException {
        double[] box = new double[4];
        int count = 0;
        boolean valid = json.currentToken() == JsonToken.START_ARRAY;
        while (valid && json.nextToken() != JsonToken.END_ARRAY) {
            valid = count < 4 && json.currentToken().isNumeric();
            if (valid) {
                box[count++] = json.getDoubleValue();
            }
        }
        if (!valid
                || count != 4
                || !(box[2] >= 0 && box[3] >= 0)
                || !Double.isFinite(box[0] + box[1] + box[2] + box[3])) {
            throw new VitrailException(
                    where + ": field \"bbox\" must be four finite numbers: left, top, and a width and a"
                            + " height that are not negative");
        }
        return box;
    }

    /** The numeric fields of one entry. */
    private final class Numbers {
        private final String where;
        private final Map<String, Double> values = new HashMap<>();

        Numbers(String where) {
            this.where = where;
        }

        void read(String field) throws IOException {
            switch (json.currentToken()) {
                case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> values.put(field, json.getDoubleValue());
                case VALUE_TRUE -> values.put(field, 1.0);
                case VALUE_FALSE -> values.put(field, 0.0);
                case VALUE_NULL -> {}
                default ->
                    throw new VitrailException(
                            where + ": field \"" + field + "\" must be a number, got " + json.currentToken());
            }
        }

        OptionalDouble optional(String field) {
            return values.containsKey(field) ? OptionalDouble.of(values.get(field)) : OptionalDouble.empty();
        }

        /** An integer such as an id; exact as a double up to 2⁵³. */
        long whole(String field) {
            double value = optional(field)
                    .orElseThrow(() -> new VitrailException(where + ": field \"" + field + "\" is missing"));
            if (value != Math.rint(value) || Math.abs(value) > 1L << 53) {
                throw new VitrailException(where + ": field \"" + field + "\" must be a whole number, got " + value);
            }
            return (long) value;
        }

        int side(String field) {
            long value = whole(field);
            if (value < 1 || value > 1_000_000) {
                throw new VitrailException(
                        where + ": field \"" + field + "\" must be a number of pixels, got " + value);
            }
            return (int) value;
        }
    }
}
