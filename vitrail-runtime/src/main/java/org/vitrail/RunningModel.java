package org.vitrail;

import java.util.List;
import java.util.Map;
import org.vitrail.detection.Detection;
import org.vitrail.engine.Engine;
import org.vitrail.image.RgbImage;
import org.vitrail.image.Size;
import org.vitrail.task.Answer;
import org.vitrail.task.ModelOutputs;
import org.vitrail.tensor.Tensor;
import org.vitrail.tensor.VitrailException;

/** A model ready to run, for use by any number of threads; close it when the last has finished. */
public final class RunningModel implements AutoCloseable {
    private final Model model;
    private final Engine engine;

    RunningModel(Model model, Engine engine) {
        this.model = model;
        this.engine = engine;
    }

    /**
     * The logits (classes) of a picture.
     *
     * @throws VitrailException where the model is no classifier
     */
    public float[] logits(RgbImage image) {
        return switch (answer(image)) {
            case Answer.Scores(float[] logits) -> logits;
            case Answer.Objects objects -> throw notA("classifier");
            case Answer.Vector vector -> throw notA("classifier");
            case Answer.Labels labels -> throw notA("classifier");
        };
    }

    /**
     * The objects in a picture, one a query of the model, whatever their scores; boxes in the picture's pixels.
     *
     * @throws VitrailException where the model is no detector
     */
    public List<Detection> detections(RgbImage image) {
        return switch (answer(image)) {
            case Answer.Objects objects -> objects.detections();
            case Answer.Scores scores -> throw notA("detector");
            case Answer.Vector vector -> throw notA("detector");
            case Answer.Labels labels -> throw notA("detector");
        };
    }

    private VitrailException notA(String wanted) {
        return new VitrailException("the model " + model.graph().name() + " is no " + wanted + ", but made for "
                + model.task().describe());
    }

    private Answer answer(RgbImage image) {
        ModelOutputs run = run(image);
        return model.task().task().answer(run.outputs(), run.region());
    }

    /** All outputs for a picture, and the part of it that they describe. */
    public ModelOutputs run(RgbImage image) {
        Size size = new Size(image.height(), image.width());
        return new ModelOutputs(outputs(image), model.input().region(model.preprocessing(), size));
    }

    /** All outputs for a picture, by name, each with a batch of one. */
    public Map<String, Tensor> outputs(RgbImage image) {
        return model.input().ofOne(engine.run(model.input().feed(model.preprocessing(), image)));
    }

    @Override
    public void close() {
        engine.close();
    }
}
