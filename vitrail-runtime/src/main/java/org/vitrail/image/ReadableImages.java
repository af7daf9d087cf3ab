package org.vitrail.image;

import java.util.List;
import java.util.stream.IntStream;
import org.vitrail.work.Parallel;
import org.vitrail.work.Progress;

/**
 * The images of a source that can be read, for work that must know their number beforehand.
 *
 * @param images in the source's order, without the broken ones
 * @param broken a sentence for each broken image
 */
public record ReadableImages(ImageSource images, List<String> broken) {
    public ReadableImages {
        broken = List.copyOf(broken);
    }

    /** Reads every image once; throws {@code VitrailException} if none can be read. */
    public static ReadableImages of(ImageSource source, int threads, Progress progress) {
        TolerantReader reader = new TolerantReader(source);
        try (Progress.Stage stage = progress.begin("reading images", source.size())) {
            List<Boolean> readable = Parallel.map(source.size(), threads, i -> {
                boolean read = reader.read(i).isPresent();
                stage.step();
                return read;
            });
            int[] indices =
                    IntStream.range(0, source.size()).filter(readable::get).toArray();
            return new ReadableImages(new ImageSubset(source, indices), reader.broken());
        }
    }
}
