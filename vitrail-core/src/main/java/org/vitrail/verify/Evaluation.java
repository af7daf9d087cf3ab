package org.vitrail.verify;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.vitrail.image.ImageSource;
import org.vitrail.image.TolerantReader;
import org.vitrail.tensor.VitrailException;
import org.vitrail.work.Parallel;
import org.vitrail.work.Progress;

/**
 * What came of running a model on images.
 *
 * @param broken one sentence for each image that could not be read; these count nowhere else
 * @param seconds how long it took, reading and preprocessing included
 */
public record Evaluation(Metrics metrics, List<String> broken, double seconds) {
    /** Results wait for the images before them; this many at most. */
    private static final int CHUNK = 1024;

    public Evaluation {
        broken = List.copyOf(broken);
    }

    /** Images a second with all threads, everything included; with a reference model, that of both together. */
    public double imagesPerSecond() {
        return metrics.examples() / seconds;
    }

    /**
     * Runs a model on every image, {@code threads} images at a time.
     *
     * @param reference the model to compare with, usually the float one
     * @throws VitrailException when no image can be read, or a label is not among the model's classes
     */
    public static Evaluation run(
            ImageModel model, Optional<ImageModel> reference, ImageSource images, int threads, Progress progress) {
        long start = System.nanoTime();
        TolerantReader reader = new TolerantReader(images);
        Metrics metrics = Metrics.none();
        try (Progress.Stage stage = progress.begin("evaluating", images.size())) {
            for (int from = 0; from < images.size(); from += CHUNK) {
                int first = from;
                int count = Math.min(CHUNK, images.size() - from);
                List<Metrics> chunk = Parallel.map(count, threads, i -> {
                    Metrics one = one(model, reference, reader, images, first + i);
                    stage.step();
                    return one;
                });
                metrics = chunk.stream().reduce(metrics, Metrics::plus);
            }
        }
        return new Evaluation(metrics, reader.broken(), (System.nanoTime() - start) / 1e9);
    }

    private static Metrics one(
            ImageModel model, Optional<ImageModel> reference, TolerantReader reader, ImageSource images, int index) {
        OptionalInt label = images.label(index);
        return reader.read(index)
                .map(image -> reference
                        .map(other -> Metrics.of(other.logits(image), model.logits(image), label))
                        .orElseGet(() -> Metrics.of(model.logits(image), label)))
                .orElse(Metrics.none());
    }
}
