package org.vitrail.quantize;

import java.util.List;
import java.util.Map;
import org.vitrail.Model;
import org.vitrail.engine.EngineProvider;
import org.vitrail.engine.Engines;
import org.vitrail.graph.Graph;
import org.vitrail.image.ImageSource;
import org.vitrail.image.TolerantReader;
import org.vitrail.pipeline.Quantization;
import org.vitrail.pipeline.QuantizationConfig;
import org.vitrail.pipeline.QuantizationResult;
import org.vitrail.tensor.VitrailException;
import org.vitrail.work.Progress;

/** Quantizes models. This is the entry point of the library. */
public final class Vitrail {
    /** Number of held-back images that the result is verified on, where there are so many. */
    public static final int VERIFICATION_IMAGES = 64;

    private Vitrail() {}

    /**
     * Quantizes a model on {@code count} of these images, chosen by the seed of {@code config}, and judges it on others.
     * Where there are too few, a quarter of them is held back. Broken images are left out and named in the result.
     *
     * @param images unlabelled pictures of the kind that the model will see
     * @throws VitrailException when the model cannot be quantized or no image can be read, with what to do
     */
    public static QuantizedModel quantize(
            Model model, ImageSource images, int count, QuantizationConfig config, Progress progress) {
        return quantize(model, images, count, config, Engines.preferred(), progress);
    }

    /** As {@link #quantize(Model, ImageSource, int, QuantizationConfig, Progress)}, with this engine. */
    public static QuantizedModel quantize(
            Model model,
            ImageSource images,
            int count,
            QuantizationConfig config,
            EngineProvider engines,
            Progress progress) {
        if (count < 1) {
            throw new VitrailException("calibration needs at least one image, got a count of " + count);
        }
        long start = System.nanoTime();
        Chosen chosen = Chosen.of(images.shuffled(config.capture().seed()), count);
        Provenance provenance = Provenance.of(model, chosen.calibration(), config);
        // With the metadata in it, what is measured of the graph's size is that of the file.
        QuantizationResult quantized = Quantization.run(
                withMetadata(model, model.graph(), provenance).graph(),
                model.graph().name().isEmpty() ? "the model" : model.graph().name(),
                model.task().task(),
                model.inputs(chosen.calibration()),
                model.inputs(chosen.heldBack()),
                config,
                config.context(engines, progress));
        double seconds = (System.nanoTime() - start) / 1e9;
        return new QuantizedModel(
                withMetadata(model, quantized.graph(), provenance),
                quantized,
                chosen.calibration().size(),
                chosen.broken(),
                seconds);
    }

    /** Returns the quantized model with metadata: preprocessing, classes, task and provenance. */
    public static Model withMetadata(Model model, Graph quantized, Provenance provenance) {
        Map<String, String> metadata = model.withGraph(quantized).metadata();
        metadata.put(Provenance.KEY, provenance.json());
        return model.withGraph(quantized.withMetadata(metadata));
    }

    /**
     * The number of calibration images of so many that can be read; the others are held back.
     *
     * @param count the number that is wanted
     */
    public static int calibrationImages(int images, int count) {
        int heldBack = Math.min(VERIFICATION_IMAGES, Math.max(1, images / 4));
        return Math.max(1, Math.min(count, images - heldBack));
    }

    /** Calibration pictures that could be decoded, and a sentence for each that could not. */
    private record Chosen(ImageSource calibration, ImageSource heldBack, List<String> broken) {
        static Chosen of(ImageSource shuffled, int count) {
            TolerantReader reader = new TolerantReader(shuffled);
            ImageSource usable = shuffled.select(reader.readable(count + VERIFICATION_IMAGES));
            int calibration = calibrationImages(usable.size(), count);
            ImageSource rest = usable.size() == 1 ? usable : usable.slice(calibration, usable.size());
            return new Chosen(usable.slice(0, calibration), rest, reader.broken());
        }
    }
}
