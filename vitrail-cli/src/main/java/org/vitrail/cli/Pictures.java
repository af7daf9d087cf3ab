package org.vitrail.cli;

import java.nio.file.Path;
import org.vitrail.image.ImageFolder;
import org.vitrail.image.ImageSource;
import org.vitrail.image.SyntheticImages;
import org.vitrail.report.Units;
import picocli.CommandLine.Option;

/** The pictures that models are measured on. */
final class Pictures {
    /** What {@code --images} is called where the program shall draw them. */
    static final String SYNTHETIC = "synthetic";

    /** Drawn pictures, where nobody says how many. */
    private static final int MANY = 100;

    @Option(
            names = "--images",
            paramLabel = "DIR",
            description = "A folder of pictures, or " + SYNTHETIC + " for drawn ones.")
    private String images;

    @Option(names = "--count", paramLabel = "N", description = "A random choice of N pictures (default: all).")
    private Integer count;

    @Option(
            names = "--seed",
            defaultValue = "0",
            paramLabel = "S",
            description = "Decides which (default: ${DEFAULT-VALUE}).")
    private long seed;

    boolean areGiven() {
        return images != null;
    }

    /** The pictures that the options name. */
    ImageSource choose() {
        ThreadsOption.requirePositive("--count", count == null ? MANY : count);
        ImageSource all = open(images, count == null ? MANY : count, seed);
        return count == null ? all : all.sample(count, seed);
    }

    /** As in "650 pictures of validation, labelled". */
    String describe(ImageSource source) {
        return Units.plural(source.size(), isSynthetic(images) ? "drawn picture" : "picture")
                + (isSynthetic(images) ? "" : " of " + images)
                + (source.label(0).isPresent() ? ", labelled" : ", without labels");
    }

    static boolean isSynthetic(String images) {
        return images.equals(SYNTHETIC);
    }

    /** The pictures of a folder, or {@code wanted} drawn ones. */
    static ImageSource open(String images, int wanted, long seed) {
        return isSynthetic(images) ? SyntheticImages.of(wanted, seed) : ImageFolder.open(Path.of(images));
    }
}
