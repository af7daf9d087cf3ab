package org.vitrail;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.vitrail.detection.Detection;
import org.vitrail.detection.DetrPostprocessing;
import org.vitrail.engine.EngineOptions;
import org.vitrail.engine.EngineProvider;
import org.vitrail.engine.Engines;
import org.vitrail.image.ImageDecoder;
import org.vitrail.image.RgbImage;
import org.vitrail.task.Task;
import org.vitrail.tensor.VitrailException;

/**
 * Says which objects are where in pictures. As {@link Classifier}: load one, use it from as many threads as you like, and
 * close it when they are done.
 */
public final class Detector implements AutoCloseable {
    private final Model model;
    private final RunningModel running;

    private Detector(Model model, RunningModel running) {
        this.model = model;
        this.running = running;
    }

    /**
     * Loads a model file; each picture is worked on by the thread that asks.
     *
     * @throws VitrailException when the file is no usable model, or no detector
     */
    public static Detector load(Path path) {
        return of(Model.open(path), 1);
    }

    /** A model whose preprocessing or class names the caller may have changed. */
    public static Detector of(Model model, int threads) {
        return of(model, threads, Engines.preferred(model.graph()));
    }

    /** As {@link #of(Model, int)}, in this engine. */
    public static Detector of(Model model, int threads, EngineProvider engines) {
        if (model.task().task().kind() != Task.Kind.DETECTION) {
            throw new VitrailException("the model " + model.graph().name() + " is no detector, but made for "
                    + model.task().describe());
        }
        return new Detector(model, model.start(EngineOptions.defaults().withThreads(threads), engines));
    }

    public Model model() {
        return model;
    }

    /** The objects that are seen with a score of {@link DetrPostprocessing#MIN_DISPLAY_SCORE} at least, the surest first. */
    public List<DetectedObject> detect(RgbImage image) {
        return detect(image, DetrPostprocessing.MIN_DISPLAY_SCORE);
    }

    /** The objects that are seen with a score of {@code threshold} at least, the surest first. */
    public List<DetectedObject> detect(RgbImage image, double threshold) {
        return running.detections(image).stream()
                .filter(detection -> detection.score() >= threshold)
                .sorted(Comparator.comparingDouble(Detection::score).reversed())
                .map(detection -> new DetectedObject(
                        detection.label(), model.className(detection.label()), detection.score(), detection.box()))
                .toList();
    }

    /**
     * As {@link #detect(RgbImage)}, for a JPEG, PNG, WebP or BMP file.
     *
     * @throws VitrailException when there is no such file, or no picture in it
     */
    public List<DetectedObject> detect(Path file) {
        return detect(ImageDecoder.defaults().decode(file));
    }

    @Override
    public void close() {
        running.close();
    }
}
