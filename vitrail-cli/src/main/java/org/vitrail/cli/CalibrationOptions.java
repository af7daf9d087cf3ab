package org.vitrail.cli;

import org.vitrail.image.ImageSource;
import org.vitrail.quantize.Vitrail;
import picocli.CommandLine.Option;

/** The options for the number and choice of calibration images. */
final class CalibrationOptions {
    @Option(
            names = "--count",
            defaultValue = "128",
            paramLabel = "N",
            description = "Number of pictures to calibrate on (default: ${DEFAULT-VALUE}).")
    private int count;

    @Option(
            names = "--seed",
            defaultValue = "0",
            paramLabel = "S",
            description = "Seed of the random choice of pictures (default: ${DEFAULT-VALUE}).")
    private long seed;

    void requirePositive() {
        ThreadsOption.requirePositive("--count", count);
    }

    int count() {
        return count;
    }

    long seed() {
        return seed;
    }

    /** Returns a text such as "128 of the 1000 in train, seed 0", where some are held back. */
    String describe(ImageSource source, Object folder) {
        return describe(Vitrail.calibrationImages(source.size(), count), source, folder, 1);
    }

    /** Returns a text such as "128 of the 1000 in train, seeds 0 to 3", where there are four draws. */
    String describe(ImageSource source, Object folder, int draws) {
        return describe(Math.min(count, source.size()), source, folder, draws);
    }

    private String describe(int calibration, ImageSource source, Object folder, int draws) {
        return calibration + " of the " + source.size() + " in " + folder
                + (draws == 1 ? ", seed " + seed : ", seeds " + seed + " to " + (seed + draws - 1));
    }
}
