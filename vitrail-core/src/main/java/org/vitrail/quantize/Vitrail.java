package org.vitrail.quantize;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.vitrail.Model;
import org.vitrail.block.Recognition;
import org.vitrail.engine.EngineProvider;
import org.vitrail.engine.Engines;
import org.vitrail.export.Deployment;
import org.vitrail.export.Target;
import org.vitrail.graph.Graph;
import org.vitrail.image.ImageSource;
import org.vitrail.image.TolerantReader;
import org.vitrail.model.ModelFiles;
import org.vitrail.pipeline.Quantization;
import org.vitrail.pipeline.QuantizationConfig;
import org.vitrail.pipeline.QuantizationResult;
import org.vitrail.plan.Plan;
import org.vitrail.plan.PlanFile;
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
        OutputVariation variation = OutputVariation.of(
                model, chosen.calibration(), engines, config.capture().threads());
        variation.warning(model).ifPresent(progress::warn);
        Provenance provenance = Provenance.of(model, chosen.calibration(), config);
        // With the metadata in it, what is measured of the graph's size is that of the file.
        QuantizationResult quantized = Quantization.run(
                withMetadata(model, model.graph(), provenance).graph(),
                name(model),
                model.task().task(),
                model.inputs(chosen.calibration()),
                model.inputs(chosen.heldBack()),
                config,
                config.context(engines, progress));
        double seconds = (System.nanoTime() - start) / 1e9;
        Model result = withMetadata(model, quantized.graph(), provenance);
        return new QuantizedModel(
                result,
                quantized,
                config.method().transforms().isEmpty()
                        ? Optional.of(planFile(model, provenance, config, quantized.plan(), result))
                        : Optional.empty(),
                chosen.calibration().size(),
                chosen.broken(),
                variation,
                seconds);
    }

    private static PlanFile planFile(
            Model model, Provenance provenance, QuantizationConfig config, Plan plan, Model result) {
        return new PlanFile(
                PlanFile.VERSION,
                Provenance.modelSha256(model.graph(), provenance.weightsSha256()),
                config.target().label(),
                result.graph().metadata(),
                plan);
    }

    /**
     * Quantizes a model by a plan that {@link QuantizedModel#writePlan} wrote, without images: the result is the model of
     * that run, byte for byte.
     *
     * @param model the float model of that run
     * @throws VitrailException when the plan cannot be used or belongs to another model
     */
    public static Model replay(Model model, Path plan) {
        return replay(model, plan, Engines.preferred());
    }

    /** As {@link #replay(Model, Path)}; this engine computes the model's constants. */
    public static Model replay(Model model, Path plan, EngineProvider engines) {
        Graph graph = model.graph();
        Recognition recognition = Quantization.recognise(graph, name(model), engines);
        PlanFile saved =
                PlanFile.read(plan, Provenance.modelSha256(graph, Provenance.weightsSha256(model)), recognition);
        Target target = Target.ofName(saved.target())
                .orElseThrow(() -> new VitrailException(plan + ": target must be one of "
                        + Target.deployable().stream().map(Target::label).collect(Collectors.joining(", "))
                        + ": give a plan as --save-plan wrote it"));
        Graph quantized = Deployment.of(recognition, saved.plan(), target).withMetadata(saved.metadata());
        return Model.of(new ModelFiles(plan, quantized, Optional::empty, List.of(), Optional.empty()));
    }

    private static String name(Model model) {
        return model.graph().name().isEmpty() ? "the model" : model.graph().name();
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
