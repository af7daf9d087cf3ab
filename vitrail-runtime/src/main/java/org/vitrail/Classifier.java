package org.vitrail;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.vitrail.engine.EngineOptions;
import org.vitrail.engine.EngineProvider;
import org.vitrail.engine.Engines;
import org.vitrail.image.ImageDecoder;
import org.vitrail.image.RgbImage;
import org.vitrail.task.Answer;
import org.vitrail.tensor.VitrailException;

/**
 * Says what pictures show. Load one, use it from as many threads as you like, and close it when they are done:
 *
 * <pre>{@code
 * try (Classifier classifier = Classifier.load(Path.of("model.onnx"))) {
 *     Prediction best = classifier.classify(Path.of("photo.jpg")).getFirst();
 *     System.out.println(best.name() + " " + best.probability());
 * }
 * }</pre>
 */
public final class Classifier implements AutoCloseable {
    private final Model model;
    private final RunningModel running;

    private Classifier(Model model, RunningModel running) {
        this.model = model;
        this.running = running;
    }

    /** Loads a model file, compressed or not; each picture is worked on by the thread that asks. */
    public static Classifier load(Path path) {
        return load(path, 1);
    }

    /**
     * Loads a model file.
     *
     * @param threads that work on one picture
     * @throws VitrailException when the file is no usable model
     */
    public static Classifier load(Path path, int threads) {
        return of(Model.open(path), threads);
    }

    /** A model whose preprocessing or class names the caller may have changed. */
    public static Classifier of(Model model, int threads) {
        return of(model, threads, Engines.preferred(model.graph()));
    }

    /** As {@link #of(Model, int)}, in this engine. */
    public static Classifier of(Model model, int threads, EngineProvider engines) {
        return new Classifier(model, model.start(EngineOptions.defaults().withThreads(threads), engines));
    }

    public Model model() {
        return model;
    }

    /** Every class of the model, the most probable first; of equal ones, the lower label first. */
    public List<Prediction> classify(RgbImage image) {
        return predictions(running.scores(image), Integer.MAX_VALUE);
    }

    /** As {@link #classify(RgbImage)}, for a picture that AWT holds. */
    public List<Prediction> classify(BufferedImage image) {
        return classify(RgbImage.of(image));
    }

    /**
     * As {@link #classify(RgbImage)}, for a JPEG, PNG, WebP or BMP file.
     *
     * @throws VitrailException when there is no such file, or no picture in it
     */
    public List<Prediction> classify(Path file) {
        return classify(ImageDecoder.defaults().decode(file));
    }

    /**
     * The most probable classes, as {@link #classify(RgbImage)} orders them.
     *
     * @param top classes that are returned, at least 1; all where the model has no more
     */
    public List<Prediction> classify(RgbImage image, int top) {
        requireOne(top);
        return predictions(running.scores(image), top);
    }

    /** As {@link #classify(RgbImage, int)}, for a picture that AWT holds. */
    public List<Prediction> classify(BufferedImage image, int top) {
        return classify(RgbImage.of(image), top);
    }

    /**
     * As {@link #classify(RgbImage, int)}, for a JPEG, PNG, WebP or BMP file.
     *
     * @throws VitrailException when there is no such file, or no picture in it
     */
    public List<Prediction> classify(Path file, int top) {
        return classify(ImageDecoder.defaults().decode(file), top);
    }

    /**
     * As {@link #classify(RgbImage)}, for each of the pictures. Several share a run of the model where it takes them: up
     * to 8 where it takes any number, else as many as it was exported for. The sums in a larger run may be added in another
     * order: probabilities of a float model differ by at most 1e-5 from those of one picture alone, of a quantized model
     * by what a value on the other side of a rounding makes.
     */
    public List<List<Prediction>> classifyAll(List<RgbImage> images) {
        return classifyAll(images, Integer.MAX_VALUE);
    }

    /** As {@link #classifyAll(List)}, with the most probable classes only, as {@link #classify(RgbImage, int)}. */
    public List<List<Prediction>> classifyAll(List<RgbImage> images, int top) {
        requireOne(top);
        return running.scores(images).stream()
                .map(scores -> predictions(scores, top))
                .toList();
    }

    private static void requireOne(int top) {
        if (top < 1) {
            throw new VitrailException("wanted at least the one most probable class, got a number of " + top);
        }
    }

    private List<Prediction> predictions(Answer.Scores scores, int top) {
        double[] probabilities = scores.form().probabilities(scores.values());
        return IntStream.range(0, probabilities.length)
                .mapToObj(label -> new Prediction(label, model.className(label), probabilities[label]))
                .sorted(Comparator.comparingDouble(Prediction::probability).reversed())
                .limit(top)
                .toList();
    }

    @Override
    public void close() {
        running.close();
    }
}
