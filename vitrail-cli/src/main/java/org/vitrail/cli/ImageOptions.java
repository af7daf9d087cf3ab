package org.vitrail.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.vitrail.detection.CocoAnnotations;
import org.vitrail.detection.CocoFile;
import org.vitrail.image.ImageFolder;
import org.vitrail.image.ImageSource;
import org.vitrail.image.SyntheticImages;
import org.vitrail.report.Units;
import picocli.CommandLine.Option;

/** The options for the images on which models are measured. */
final class ImageOptions {
    /** The value of {@code --images} for images that the program draws. */
    static final String SYNTHETIC = "synthetic";

    /** Default number of drawn images. */
    private static final int DEFAULT_SYNTHETIC_IMAGES = 100;

    @Option(
            names = "--images",
            paramLabel = "DIR",
            description = "A folder of pictures, or " + SYNTHETIC + " for drawn ones.")
    private String images;

    @Option(
            names = "--annotations",
            paramLabel = "FILE",
            description = "The objects in the pictures in COCO's format (instances_val2017.json); pictures that it does"
                    + " not list are left out.")
    private Path annotations;

    @Option(names = "--count", paramLabel = "N", description = "A random choice of N pictures (default: all).")
    private Integer count;

    @Option(
            names = "--seed",
            defaultValue = "0",
            paramLabel = "S",
            description = "Seed of the random choice (default: ${DEFAULT-VALUE}).")
    private long seed;

    boolean areGiven() {
        return images != null;
    }

    /** Returns the annotations that the options name. */
    Optional<CocoAnnotations> annotations() {
        return Optional.ofNullable(annotations).map(CocoFile::read);
    }

    /** Returns the images that the options name; with annotations, only the annotated ones. */
    ImageSource choose(Optional<CocoAnnotations> known) {
        ThreadsOption.requirePositive("--count", count == null ? DEFAULT_SYNTHETIC_IMAGES : count);
        ImageSource found = open(images, count == null ? DEFAULT_SYNTHETIC_IMAGES : count, seed);
        ImageSource all = known.map(file -> file.select(found)).orElse(found);
        return count == null ? all : all.sample(count, seed);
    }

    /** Returns a text such as "650 pictures of validation, labelled". */
    String describe(ImageSource source) {
        return Units.plural(source.size(), isSynthetic(images) ? "drawn picture" : "picture")
                + (isSynthetic(images) ? "" : " of " + images)
                + (annotations != null
                        ? ", annotated by " + annotations
                        : source.label(0).isPresent() ? ", labelled" : ", without labels");
    }

    static boolean isSynthetic(String images) {
        return images.equals(SYNTHETIC);
    }

    /** Returns the images of a folder, or {@code wanted} drawn ones. */
    static ImageSource open(String images, int wanted, long seed) {
        return isSynthetic(images) ? SyntheticImages.of(wanted, seed) : ImageFolder.open(Path.of(images));
    }
}
