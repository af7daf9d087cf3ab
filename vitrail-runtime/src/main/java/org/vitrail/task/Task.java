package org.vitrail.task;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.vitrail.image.Region;
import org.vitrail.image.Size;
import org.vitrail.tensor.Tensor;
import org.vitrail.tensor.VitrailException;

/** The task of a model, with the names of the outputs that carry its answers; reads the answers from the outputs. */
public sealed interface Task {
    /** The kinds of tasks, with the names that the command line and Hugging Face's configurations use for them. */
    enum Kind {
        CLASSIFICATION("ForImageClassification(WithTeacher)?"),
        DETECTION("For(ZeroShot)?ObjectDetection"),
        EMBEDDING("(Vision)?Model(WithProjection)?"),
        DENSE("For((Semantic|Instance|Universal|Panoptic)?Segmentation|DepthEstimation|ImageMatting|ImageToImage"
                + "|ImageSuperResolution)"),
        /** Not known: only the errors of the outputs are measured. */
        OTHER("(?!)");

        private final String architectures;

        Kind(String architectures) {
            this.architectures = architectures;
        }

        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The kind of this name, ignoring case. */
        public static Optional<Kind> ofName(String name) {
            return Arrays.stream(values())
                    .filter(kind -> kind.label().equalsIgnoreCase(name))
                    .findFirst();
        }

        /** The kind for this model class of Hugging Face's transformers, such as DetrForObjectDetection. */
        public static Optional<Kind> ofArchitecture(String name) {
            return Arrays.stream(values())
                    .filter(kind -> name.matches("[A-Za-z0-9]+?" + kind.architectures))
                    .findFirst();
        }
    }

    Kind kind();

    /** The names of the outputs that are read. */
    List<String> outputs();

    /**
     * Reads the model's answer for one image.
     *
     * @param values the values of all outputs; the first item of a batch is read
     * @param region the part of the image to which boxes are relative
     * @throws VitrailException if the outputs do not have the shapes that the task needs
     */
    Answer answer(Map<String, Tensor> values, Region region);

    /**
     * Classification: one class for the whole image.
     *
     * @param scores (batch, classes); further axes have an extent of one
     */
    record Classification(String scores, ScoreForm form) implements Task {
        /** Scores before the softmax. */
        public Classification(String scores) {
            this(scores, ScoreForm.LOGITS);
        }

        @Override
        public Kind kind() {
            return Kind.CLASSIFICATION;
        }

        @Override
        public List<String> outputs() {
            return List.of(scores);
        }

        @Override
        public Answer answer(Map<String, Tensor> values, Region region) {
            Tensor output = TaskOutputs.read(values, scores, 1, 4);
            if (output.rank() > 0 && output.size() != output.extent(0) && output.rows() != 1) {
                throw new VitrailException("the output " + scores + " is " + values.get(scores)
                        + ", but a classifier gives one row of class scores (batch, classes): choose another with"
                        + " --task");
            }
            return new Answer.Scores(output.values(), form.seenIn(output.values()));
        }
    }

    /**
     * Object detection: class scores and boxes of queries, as {@link DetectionReader} reads them.
     *
     * @param scores (batch, queries, classes), with one class more that stands for no object under a softmax
     * @param boxes (batch, queries, 4): centre, width and height as shares of the input
     */
    record ObjectDetection(String scores, String boxes, ScoreForm form) implements Task {
        /** Scores before the softmax. */
        public ObjectDetection(String scores, String boxes) {
            this(scores, boxes, ScoreForm.LOGITS);
        }

        @Override
        public Kind kind() {
            return Kind.DETECTION;
        }

        @Override
        public List<String> outputs() {
            return List.of(scores, boxes);
        }

        @Override
        public Answer answer(Map<String, Tensor> values, Region region) {
            return DetectionReader.ofQueries(
                    TaskOutputs.read(values, scores, 3, 3),
                    TaskOutputs.read(values, boxes, 3, 3),
                    form,
                    outputs(),
                    region);
        }
    }

    /**
     * Object detection with the post-processing inside the graph: a list of labels, boxes and scores.
     *
     * @param labels (batch, detections)
     * @param boxes (batch, detections, 4): corners
     * @param scores (batch, detections), 0 to 1
     * @param input the size of the input whose pixels boxes are in; empty for pixels of the image
     */
    record DetectionList(String labels, String boxes, String scores, Optional<Size> input) implements Task {
        @Override
        public Kind kind() {
            return Kind.DETECTION;
        }

        @Override
        public List<String> outputs() {
            return List.of(labels, boxes, scores);
        }

        @Override
        public Answer answer(Map<String, Tensor> values, Region region) {
            return DetectionReader.ofList(
                    TaskOutputs.readItem(values, labels, 1),
                    TaskOutputs.readItem(values, boxes, 2),
                    TaskOutputs.readItem(values, scores, 1),
                    input,
                    outputs(),
                    region);
        }
    }

    /**
     * Embedding: one vector for the image.
     *
     * @param vector (batch, …); of tokens (batch, tokens, channels), the first is used, which is the class token,
     *     or the mean of all if their number is a square, because they are then the image's patches only
     */
    record Embedding(String vector) implements Task {
        @Override
        public Kind kind() {
            return Kind.EMBEDDING;
        }

        @Override
        public List<String> outputs() {
            return List.of(vector);
        }

        @Override
        public Answer answer(Map<String, Tensor> values, Region region) {
            Tensor output = TaskOutputs.read(values, vector, 2, 4);
            return new Answer.Vector(output.rank() == 2 ? TaskOutputs.ofTokens(output) : output.values());
        }
    }

    /**
     * Dense prediction: scores of classes for every position of the image.
     *
     * @param scores (batch, classes, height, width), or (batch, tokens, classes)
     */
    record Dense(String scores) implements Task {
        @Override
        public Kind kind() {
            return Kind.DENSE;
        }

        @Override
        public List<String> outputs() {
            return List.of(scores);
        }

        @Override
        public Answer answer(Map<String, Tensor> values, Region region) {
            return DenseReader.bestClasses(TaskOutputs.read(values, scores, 3, 4));
        }
    }

    /**
     * Dense prediction: a whole number for every position of the image, its class.
     *
     * @param labels (batch, height, width), with any axes of one
     */
    record ClassMap(String labels) implements Task {
        @Override
        public Kind kind() {
            return Kind.DENSE;
        }

        @Override
        public List<String> outputs() {
            return List.of(labels);
        }

        @Override
        public Answer answer(Map<String, Tensor> values, Region region) {
            return DenseReader.classes(TaskOutputs.read(values, labels, 1, 5));
        }
    }

    /**
     * Dense prediction: a number that is no class for every position, such as depth, opacity or saliency.
     *
     * @param values (batch, 1, height, width), (batch, height, width) or of more channels; also one number an image
     */
    record ValueMap(String values) implements Task {
        @Override
        public Kind kind() {
            return Kind.DENSE;
        }

        @Override
        public List<String> outputs() {
            return List.of(values);
        }

        @Override
        public Answer answer(Map<String, Tensor> all, Region region) {
            return new Answer.Values(TaskOutputs.read(all, values, 1, 5).values());
        }
    }

    /**
     * Segmentation by masks: one mask a query with its class (Mask2Former), or masks with an estimate of their quality
     * (SAM).
     *
     * @param scores (batch, masks, classes + 1) before the softmax, or (batch, ..., masks): estimated IoU
     * @param masks (batch, ..., masks, height, width), covering the positions above 0
     */
    record Masks(Optional<String> scores, String masks) implements Task {
        @Override
        public Kind kind() {
            return Kind.DENSE;
        }

        @Override
        public List<String> outputs() {
            return Stream.concat(scores.stream(), Stream.of(masks)).toList();
        }

        @Override
        public Answer answer(Map<String, Tensor> values, Region region) {
            return DenseReader.masks(
                    TaskOutputs.read(values, masks, 4, 6), scores.map(name -> TaskOutputs.read(values, name, 2, 5)));
        }
    }

    /** A task that is not known. */
    record Other(List<String> outputs) implements Task {
        public Other {
            outputs = List.copyOf(outputs);
        }

        @Override
        public Kind kind() {
            return Kind.OTHER;
        }

        @Override
        public Answer answer(Map<String, Tensor> values, Region region) {
            return new Answer.Numbers(
                    outputs.stream().map(output -> values.get(output).values()).toList());
        }
    }
}
