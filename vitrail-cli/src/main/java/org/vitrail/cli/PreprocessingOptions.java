package org.vitrail.cli;

import java.util.Arrays;
import java.util.Iterator;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.vitrail.image.Preprocessing;
import org.vitrail.image.PreprocessingPreset;
import org.vitrail.image.ResizeFilter;
import org.vitrail.image.ResizeMode;
import org.vitrail.image.Rgb;
import org.vitrail.image.Size;
import org.vitrail.tensor.VitrailException;
import picocli.CommandLine.Option;

/** The options for preprocessing, where the model's own files do not give it, or give it wrongly. */
final class PreprocessingOptions {
    @Option(
            names = "--preprocessing",
            paramLabel = "NAME",
            completionCandidates = Presets.class,
            description = "One of: ${COMPLETION-CANDIDATES} (default: what the model says, else imagenet).")
    private String preset;

    @Option(
            names = "--resize",
            paramLabel = "SIZE",
            description =
                    "Resize the shorter side to 256, or the picture to 224x224 (height, width); none to skip this.")
    private String resize;

    @Option(
            names = "--crop",
            paramLabel = "SIZE",
            description = "Cut out the centre, 224 or 224x224; none to skip this.")
    private String crop;

    @Option(
            names = "--filter",
            paramLabel = "NAME",
            completionCandidates = OptionValues.Filters.class,
            description = "Resize filter of Pillow: ${COMPLETION-CANDIDATES}.")
    private String filter;

    @Option(names = "--mean", paramLabel = "R,G,B", description = "Subtracted from values of 0 to 1.")
    private String mean;

    @Option(names = "--std", paramLabel = "R,G,B", description = "Divided by after that.")
    private String std;

    @Option(
            names = "--rescale",
            paramLabel = "X",
            description = "Factor from bytes to values (usually 1/255 = 0.00392157).")
    private Double rescale;

    /** The names that {@code --preprocessing} accepts. */
    static final class Presets implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Arrays.stream(PreprocessingPreset.values())
                    .map(PreprocessingPreset::label)
                    .iterator();
        }
    }

    boolean isEmpty() {
        return Stream.of(preset, resize, crop, filter, mean, std, rescale).allMatch(Objects::isNull);
    }

    /** Returns whether the options say all of the preprocessing, so that the model's files need not. */
    boolean isComplete() {
        return preset != null || Stream.of(resize, mean, std).noneMatch(Objects::isNull);
    }

    /** Returns the named preset for a model input of this size, where the user gave one. */
    Optional<Preprocessing> preset(Size input) {
        return Optional.ofNullable(preset)
                .map(name -> PreprocessingPreset.ofName(name)
                        .orElseThrow(() -> new VitrailException("no preprocessing has the name " + name + "; there are "
                                + Arrays.stream(PreprocessingPreset.values())
                                        .map(PreprocessingPreset::label)
                                        .collect(Collectors.joining(", ")))))
                .map(known -> known.at(input));
    }

    /** Returns the preprocessing with the values of single options in place. */
    Preprocessing changed(Preprocessing preprocessing) {
        try {
            Preprocessing result = preprocessing;
            result = resize == null ? result : result.withSizing(sizing());
            result = crop == null
                    ? result
                    : result.withCrop(isNone(crop) ? Optional.empty() : Optional.of(size("--crop", crop)));
            result = filter == null ? result : result.withFilter(filter());
            result = mean == null ? result : result.withMean(rgb("--mean", mean));
            result = std == null ? result : result.withStd(rgb("--std", std));
            return rescale == null ? result : result.withRescale(rescale);
        } catch (IllegalArgumentException e) {
            throw new VitrailException("the preprocessing options do not fit together: " + e.getMessage(), e);
        }
    }

    private ResizeMode sizing() {
        if (isNone(resize)) {
            return new ResizeMode.Keep();
        }
        return resize.contains("x")
                ? new ResizeMode.Exact(size("--resize", resize))
                : new ResizeMode.ShorterSide(size("--resize", resize).height());
    }

    private ResizeFilter filter() {
        return ResizeFilter.ofName(filter)
                .orElseThrow(() -> new VitrailException("no resize filter has the name " + filter + "; there are "
                        + Arrays.stream(ResizeFilter.values())
                                .map(ResizeFilter::label)
                                .collect(Collectors.joining(", "))));
    }

    private static boolean isNone(String text) {
        return text.equalsIgnoreCase("none");
    }

    private static Size size(String option, String text) {
        String[] sides = text.split("x", -1);
        try {
            int height = Integer.parseInt(sides[0]);
            return sides.length == 1 ? Size.square(height) : new Size(height, Integer.parseInt(sides[1]));
        } catch (IllegalArgumentException e) {
            throw new VitrailException(option + " takes a size in pixels such as 224 or 224x224, got " + text, e);
        }
    }

    private static Rgb rgb(String option, String text) {
        String[] numbers = text.split(",", -1);
        try {
            double first = Double.parseDouble(numbers[0]);
            return switch (numbers.length) {
                case 1 -> Rgb.grey(first);
                case 3 -> new Rgb(first, Double.parseDouble(numbers[1]), Double.parseDouble(numbers[2]));
                default -> throw new NumberFormatException(numbers.length + " numbers");
            };
        } catch (NumberFormatException e) {
            throw new VitrailException(option + " takes one number or three such as 0.485,0.456,0.406, got " + text, e);
        }
    }
}
