package org.vitrail.detection;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.vitrail.image.ImageSource;
import org.vitrail.image.Size;
import org.vitrail.tensor.VitrailException;

/**
 * The contents of an annotation file in COCO's format.
 *
 * @param file the file that was read, for messages
 * @param images annotated images by file name, as the file writes it
 * @param categories category names by id, in the file's order
 */
public record CocoAnnotations(Path file, Map<String, AnnotatedImage> images, Map<Long, String> categories) {
    /** An annotated object of a category. */
    public record CategoryObject(long category, Box box, double area, boolean crowd) {}

    /** An image with the objects in it. */
    public record AnnotatedImage(long id, Size size, List<CategoryObject> objects) {
        /**
         * The objects with the model's class numbers; {@code labels} as {@link CocoAnnotations#labels} returns them.
         */
        public List<GroundTruthObject> truth(Map<Long, Integer> labels) {
            return objects.stream()
                    .map(object -> new GroundTruthObject(
                            labels.get(object.category()), object.box(), object.area(), object.crowd()))
                    .toList();
        }
    }

    /** Finds the image of this name, or of the last part of the name. */
    public Optional<AnnotatedImage> ofName(String name) {
        return Optional.ofNullable(images.get(name))
                .or(() -> Optional.ofNullable(images.get(name.substring(name.lastIndexOf('/') + 1))));
    }

    /** Selects the images of a source that the file lists; throws {@link VitrailException} if it lists none of them. */
    public ImageSource select(ImageSource source) {
        List<Integer> listed = IntStream.range(0, source.size())
                .filter(i -> ofName(source.name(i)).isPresent())
                .boxed()
                .toList();
        if (listed.isEmpty()) {
            throw new VitrailException(file + " lists none of the " + source.size() + " images, such as "
                    + source.name(0) + ": give the folder that the file describes");
        }
        return source.select(listed);
    }

    /**
     * Maps each category to a class of the model: the class of the same name if the model has classes of all these
     * names, else the class whose number is the category's id, else the class at the category's place in the file.
     *
     * @param classNames class names in label order; empty if they are not known
     * @param classes number of classes of the model
     * @throws VitrailException if the model's classes cannot be these categories
     */
    public Map<Long, Integer> labels(List<String> classNames, int classes) {
        Map<String, Integer> byName = new HashMap<>();
        for (int label = classNames.size() - 1; label >= 0; label--) {
            byName.put(classNames.get(label).toLowerCase(Locale.ROOT), label);
        }
        Map<Long, Integer> labels = new HashMap<>();
        if (categories.values().stream().allMatch(name -> byName.containsKey(name.toLowerCase(Locale.ROOT)))) {
            categories.forEach((id, name) -> labels.put(id, byName.get(name.toLowerCase(Locale.ROOT))));
        } else if (categories.keySet().stream().allMatch(id -> id >= 0 && id < classes)) {
            categories.keySet().forEach(id -> labels.put(id, Math.toIntExact(id)));
        } else if (categories.size() == classes) {
            categories.keySet().forEach(id -> labels.put(id, labels.size()));
        } else {
            throw new VitrailException(file + " has " + categories.size() + " categories with ids up to "
                    + categories.keySet().stream().mapToLong(id -> id).max().orElse(0) + ", but the model has "
                    + classes + " classes, and their names do not match: give the model's class names with --classes");
        }
        return labels;
    }
}
