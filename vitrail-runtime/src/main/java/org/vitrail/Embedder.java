package org.vitrail;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import org.vitrail.engine.EngineOptions;
import org.vitrail.image.ImageDecoder;
import org.vitrail.image.RgbImage;
import org.vitrail.task.Task;
import org.vitrail.tensor.VitrailException;

/**
 * Turns pictures into vectors (embeddings) that are compared with each other. As {@link Classifier}: load one, use it from
 * as many threads as you like, and close it when they are done:
 *
 * <pre>{@code
 * try (Embedder embedder = Embedder.load(Path.of("clip.onnx"))) {
 *     float[] one = embedder.embed(Path.of("one.jpg"));
 *     float[] other = embedder.embed(Path.of("other.jpg"));
 *     System.out.println(Embedder.cosineSimilarity(one, other));
 * }
 * }</pre>
 */
public final class Embedder implements AutoCloseable {
    private final Model model;
    private final RunningModel running;

    private Embedder(Model model, RunningModel running) {
        this.model = model;
        this.running = running;
    }

    /**
     * Loads a model file, compressed or not; each picture is worked on by the thread that asks.
     *
     * @throws VitrailException when the file is no usable model, or its task is not embedding
     */
    public static Embedder load(Path path) {
        return of(Model.open(path), 1);
    }

    /**
     * A model whose preprocessing or task the caller may have changed.
     *
     * @param threads that work on one picture
     * @throws VitrailException when the model's task is not embedding
     */
    public static Embedder of(Model model, int threads) {
        if (model.task().task().kind() != Task.Kind.EMBEDDING) {
            throw new VitrailException("the model " + model.graph().name() + " is no embedding model, but made for "
                    + model.task().describe()
                    + ": say so with Model.withTask where its output is an embedding all the same");
        }
        return new Embedder(model, model.start(EngineOptions.defaults().withThreads(threads)));
    }

    public Model model() {
        return model;
    }

    /**
     * The embedding (channels) of a picture, as the model gives it: not scaled to unit length. Of a model that gives a
     * vector for each token, it is that of the class token, or the mean over the patches where there is none.
     */
    public float[] embed(RgbImage image) {
        return running.embedding(image);
    }

    /** As {@link #embed(RgbImage)}, for a picture that AWT holds. */
    public float[] embed(BufferedImage image) {
        return embed(RgbImage.of(image));
    }

    /**
     * As {@link #embed(RgbImage)}, for a JPEG, PNG, WebP or BMP file.
     *
     * @throws VitrailException when there is no such file, or no picture in it
     */
    public float[] embed(Path file) {
        return embed(ImageDecoder.defaults().decode(file));
    }

    /** As {@link #embed(RgbImage)}, for each of the pictures, in shared runs as {@link Classifier#classifyAll(List)}. */
    public List<float[]> embedAll(List<RgbImage> images) {
        return running.embeddings(images);
    }

    /**
     * {@code a·b / (|a| |b|)}, from -1 to 1: the cosine of the angle between two embeddings, added up in double. NaN where
     * one of them is all zeros.
     *
     * @throws VitrailException when they have different lengths
     */
    public static double cosineSimilarity(float[] a, float[] b) {
        if (a.length != b.length) {
            throw new VitrailException("embeddings of " + a.length + " and " + b.length
                    + " values cannot be compared: take both from the same model");
        }
        double product = 0;
        double squaresOfA = 0;
        double squaresOfB = 0;
        for (int i = 0; i < a.length; i++) {
            product += (double) a[i] * b[i];
            squaresOfA += (double) a[i] * a[i];
            squaresOfB += (double) b[i] * b[i];
        }
        return Math.clamp(product / Math.sqrt(squaresOfA * squaresOfB), -1, 1);
    }

    @Override
    public void close() {
        running.close();
    }
}
