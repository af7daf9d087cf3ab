package org.vitrail.task;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.vitrail.detection.DetrPostprocessing;
import org.vitrail.image.Region;
import org.vitrail.tensor.Tensor;
import org.vitrail.tensor.VitrailException;

/** The task of a model, with the names of the outputs that carry its answers; reads the answers from the outputs. */
public sealed interface Task {
    /** The kinds of tasks, with the names that the command line and Hugging Face's configurations use for them. */
    enum Kind {
        CLASSIFICATION("ForImageClassification(WithTeacher)?"),
        DETECTION("ForObjectDetection"),
        EMBEDDING("(Vision)?Model(WithProjection)?"),
        DENSE("For(SemanticSegmentation|DepthEstimation)");

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
            Tensor output = read(values, scores, 1, 4);
            if (output.rows() != 1 && output.size() != output.extent(0)) {
                throw new VitrailException("the output " + scores + " is " + values.get(scores)
                        + ", but a classifier gives one row of class scores (batch, classes): choose another with"
                        + " --task");
            }
            return new Answer.Scores(output.values(), form.seenIn(output.values()));
        }
    }

    /**
     * Object detection: boxes around objects, as {@link DetrPostprocessing} reads them.
     *
     * @param scores (batch, queries, classes + 1), before the softmax; the last stands for no object
     * @param boxes (batch, queries, 4)
     */
    record ObjectDetection(String scores, String boxes) implements Task {
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
            Tensor classes = read(values, scores, 3, 3);
            Tensor found = read(values, boxes, 3, 3);
            if (found.extent(1) != 4 || found.extent(0) != classes.extent(0) || classes.extent(1) < 2) {
                throw new VitrailException(
                        "a detector gives class scores (queries, classes + 1) and boxes (queries, 4),"
                                + " but the outputs " + outputs() + " are " + classes + " and " + found);
            }
            return new Answer.Objects(
                    DetrPostprocessing.decode(classes.values(), found.values(), region),
                    classes.values(),
                    classes.extent(1));
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
            Tensor output = read(values, vector, 2, 4);
            return new Answer.Vector(output.rank() == 2 ? ofTokens(output) : output.values());
        }

        private static float[] ofTokens(Tensor tokens) {
            int side = (int) Math.round(Math.sqrt(tokens.extent(0)));
            if (side * side != tokens.extent(0)) {
                return tokens.item(0).values();
            }
            float[] mean = new float[tokens.extent(1)];
            for (int i = 0; i < tokens.size(); i++) {
                mean[i % mean.length] += tokens.values()[i] / tokens.extent(0);
            }
            return mean;
        }
    }

    /**
     * Dense prediction: a class for every position of the image.
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
            Tensor output = read(values, scores, 3, 4);
            int classes = output.rank() == 3 ? output.extent(0) : output.extent(1);
            int places = output.size() / Math.max(1, classes);
            int classStep = output.rank() == 3 ? places : 1;
            int placeStep = output.rank() == 3 ? 1 : classes;
            int[] labels = new int[places];
            for (int place = 0; place < places; place++) {
                labels[place] = best(output.values(), place * placeStep, classes, classStep);
            }
            return new Answer.Labels(labels, classes, output.values());
        }

        /** The class of the greatest score; with a single score, 1 if it is above 0, else 0. */
        private static int best(float[] scores, int from, int classes, int step) {
            if (classes == 1) {
                return scores[from] > 0 ? 1 : 0;
            }
            int best = 0;
            for (int label = 1; label < classes; label++) {
                best = scores[from + label * step] > scores[from + best * step] ? label : best;
            }
            return best;
        }
    }

    /** Returns the first item of a batch, after checking rank and values. */
    private static Tensor read(Map<String, Tensor> values, String output, int leastRank, int mostRank) {
        Tensor tensor = values.get(output);
        if (tensor.rank() < leastRank || tensor.rank() > mostRank || tensor.extent(0) < 1) {
            throw new VitrailException("the output " + output + " is " + tensor + ", but its task needs "
                    + (leastRank == mostRank ? leastRank : leastRank + " to " + mostRank)
                    + " axes with the batch first: choose another with --task");
        }
        Tensor one = tensor.item(0);
        Logits.requireFinite(one.values(), "the model's output " + output);
        return one;
    }
}
