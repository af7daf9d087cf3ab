package org.vitrail;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.vitrail.detection.Detection;
import org.vitrail.engine.Engine;
import org.vitrail.graph.Graph;
import org.vitrail.image.Preprocessing;
import org.vitrail.image.RgbImage;
import org.vitrail.image.Size;
import org.vitrail.model.ImageInput;
import org.vitrail.model.PictureBatch;
import org.vitrail.task.Answer;
import org.vitrail.task.ModelOutputs;
import org.vitrail.task.TaskChoice;
import org.vitrail.tensor.Tensor;
import org.vitrail.tensor.VitrailException;

/** A model ready to run, for use by any number of threads; close it when the last has finished. */
public final class RunningModel implements AutoCloseable {
    private final String name;
    private final TaskChoice task;
    private final ImageInput input;
    private final Preprocessing preprocessing;
    private final Engine engine;
    private final int capacity;

    /** @param engine is closed with this object */
    RunningModel(Graph graph, TaskChoice task, ImageInput input, Preprocessing preprocessing, Engine engine) {
        this.name = graph.name();
        this.task = task;
        this.input = input;
        this.preprocessing = preprocessing;
        this.engine = engine;
        this.capacity = PictureBatch.capacity(graph, input.name(), task.task().outputs());
    }

    /**
     * The class scores (classes) of a picture as the model gives them: logits of most models.
     *
     * @throws VitrailException where the model is no classifier
     */
    public float[] logits(RgbImage image) {
        return scores(run(image)).values();
    }

    /**
     * The class scores of a picture and how they become probabilities.
     *
     * @throws VitrailException where the model is no classifier
     */
    public Answer.Scores scores(RgbImage image) {
        return scores(run(image));
    }

    /** As {@link #scores(RgbImage)}, for pictures that share runs of the model as {@link #runAll} says. */
    public List<Answer.Scores> scores(List<RgbImage> images) {
        return runAll(images).stream().map(this::scores).toList();
    }

    private Answer.Scores scores(ModelOutputs run) {
        if (answer(run) instanceof Answer.Scores scores) {
            return scores;
        }
        throw notA("classifier");
    }

    /**
     * The embedding (channels) of a picture.
     *
     * @throws VitrailException where the model gives none
     */
    public float[] embedding(RgbImage image) {
        return embedding(run(image));
    }

    /** As {@link #embedding(RgbImage)}, for pictures that share runs of the model as {@link #runAll} says. */
    public List<float[]> embeddings(List<RgbImage> images) {
        return runAll(images).stream().map(this::embedding).toList();
    }

    private float[] embedding(ModelOutputs run) {
        if (answer(run) instanceof Answer.Vector(float[] values)) {
            return values;
        }
        throw notA("embedding model");
    }

    /**
     * The objects in a picture, one a query of the model, whatever their scores; boxes in the picture's pixels.
     *
     * @throws VitrailException where the model is no detector
     */
    public List<Detection> detections(RgbImage image) {
        if (answer(run(image)) instanceof Answer.Objects objects) {
            return objects.detections();
        }
        throw notA("detector");
    }

    private VitrailException notA(String wanted) {
        return new VitrailException("the model " + name + " is no " + wanted + ", but made for " + task.describe());
    }

    private Answer answer(ModelOutputs run) {
        return task.task().answer(run.outputs(), run.region());
    }

    /** All outputs for a picture, and the part of it that they describe. */
    public ModelOutputs run(RgbImage image) {
        return runAll(List.of(image)).getFirst();
    }

    /** All outputs for a picture, by name, each with a batch of one. */
    public Map<String, Tensor> outputs(RgbImage image) {
        return run(image).outputs();
    }

    /**
     * As {@link #run}, for every picture. Up to {@link PictureBatch#MAX_PICTURES} successive ones share a run where the
     * model takes any number, as many as it takes where their number is fixed; only pictures that its preprocessing brings
     * to the same size share one.
     */
    public List<ModelOutputs> runAll(List<RgbImage> images) {
        List<ModelOutputs> all = new ArrayList<>();
        List<Map<String, Tensor>> batch = new ArrayList<>();
        for (RgbImage image : images) {
            Map<String, Tensor> picture = input.single(preprocessing, image);
            if (batch.size() == capacity || (!batch.isEmpty() && !PictureBatch.isJoinable(batch.getFirst(), picture))) {
                addOutputs(batch, images, all);
                batch.clear();
            }
            batch.add(picture);
        }
        addOutputs(batch, images, all);
        return all;
    }

    /** Runs a batch, filled up with copies of its last picture where the model takes a fixed number. */
    private void addOutputs(List<Map<String, Tensor>> batch, List<RgbImage> images, List<ModelOutputs> all) {
        if (batch.isEmpty()) {
            return;
        }
        List<Map<String, Tensor>> filled = new ArrayList<>(batch);
        while (filled.size() < input.batch()) {
            filled.add(batch.getLast());
        }
        Map<String, Tensor> outputs = engine.run(PictureBatch.join(filled));
        for (Map<String, Tensor> one : PictureBatch.split(outputs, filled.size(), batch.size())) {
            RgbImage image = images.get(all.size());
            Size size = new Size(image.height(), image.width());
            all.add(new ModelOutputs(one, input.region(preprocessing, size)));
        }
    }

    @Override
    public void close() {
        engine.close();
    }
}
