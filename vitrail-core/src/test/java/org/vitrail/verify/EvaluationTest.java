package org.vitrail.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.vitrail.detection.Box;
import org.vitrail.image.Region;
import org.vitrail.image.Size;
import org.vitrail.task.Answer;
import org.vitrail.task.ModelOutputs;
import org.vitrail.task.Task;
import org.vitrail.tensor.Tensor;
import org.vitrail.tensor.VitrailException;
import org.vitrail.testing.TestEngines;

class EvaluationTest {
    private static final Region PICTURE = Region.all(new Size(480, 640));
    private static final Task CLASSES = new Task.Classification("logits");
    private static final Task BOXES = new Task.ObjectDetection("logits", "boxes");
    private static final Task VECTOR = new Task.Embedding("embedding");
    private static final Task PLACES = new Task.Dense("scores");

    @Test
    void judgesByLabelsAndByTheReferenceTheSameForAnyNumberOfThreads() {
        List<Evaluation> one = classify(3000, 1);

        assertThat(classify(3000, 8)).isEqualTo(one);
        assertThat(one.get(0).metrics()).isEqualTo(new ClassificationMetrics(2999, 2999, 2999, 2999, 0, 0, 0, 0, 0));
        ClassificationMetrics blind = (ClassificationMetrics) one.get(1).metrics();
        assertThat(blind.top1()).isEqualTo(2000);
        assertThat(blind.agreeing()).isEqualTo(2000);
        assertThat(one.get(1).outputErrors()).extracting(RelativeError::layer).containsExactly("logits");
        assertThat(one.get(1).outputErrors().getFirst().relative()).isCloseTo(Math.sqrt(2 / 3.0), within(1e-3));
    }

    /** The reference predicts class i % 3, the other model 2 instead of 1; example 4 is skipped. */
    private static List<Evaluation> classify(int examples, int threads) {
        return Evaluation.run(List.of(CLASSES, CLASSES), examples, TestEngines.context(threads), i -> {
            float[] right = new float[3];
            float[] blind = new float[3];
            right[i % 3] = 1 + i % 7;
            blind[i % 3 == 1 ? 2 : i % 3] = 1 + i % 7;
            GroundTruth truth = new GroundTruth(OptionalInt.of(i % 3), Optional.empty());
            return i == 4
                    ? Optional.empty()
                    : Optional.of(new Evaluation.Example(List.of(logits(right), logits(blind)), truth));
        });
    }

    @Test
    void refusesModelsOfDifferentTasksAndOutputsThatDoNotFit() {
        assertThatThrownBy(() ->
                        Evaluation.run(List.of(CLASSES, VECTOR), 1, TestEngines.context(1), i -> Optional.empty()))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("the task of one is classification, that of another embedding");
        ModelOutputs flat = logits(1, 2, 3);
        assertThatThrownBy(() -> new Task.Dense("logits").answer(flat.outputs(), PICTURE))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("needs 3 to 4 axes")
                .hasMessageContaining("--task");
        assertThatThrownBy(() -> CLASSES.answer(logits(1, Float.NaN).outputs(), PICTURE))
                .hasMessageContaining("output logits holds NaN");
    }

    @Test
    void readsBoxesAsSharesOfThePicture() {
        // Query 0: class 1 with probability e^4 / (e^4 + e^2 + 1); query 1: no object.
        ModelOutputs run = boxes(new float[] {0, 4, 2, 0, 1, 9}, new float[] {0.5f, 0.25f, 0.5f, 0.5f, 0, 0, 1, 1});

        Answer.Objects answer = (Answer.Objects) BOXES.answer(run.outputs(), PICTURE);

        assertThat(answer.detections()).hasSize(2);
        assertThat(answer.detections().getFirst().label()).isEqualTo(1);
        assertThat(answer.detections().getFirst().score())
                .isCloseTo(Math.exp(4) / (Math.exp(4) + Math.exp(2) + 1), within(1e-9));
        assertThat(answer.detections().getFirst().box()).isEqualTo(new Box(160, 0, 320, 240));
        assertThat(answer.detections().get(1).score()).isLessThan(0.001);
    }

    @Test
    void aDetectorIsJudgedByTheBoxesOfTheFloatOne() {
        float[] scores = {9, 0, 0, 0, 9, 0, 0, 0, 9};
        float[] apart = {0.2f, 0.2f, 0.2f, 0.2f, 0.7f, 0.7f, 0.2f, 0.2f, 0.5f, 0.5f, 1, 1};
        float[] moved = {0.2f, 0.2f, 0.2f, 0.2f, 0.9f, 0.1f, 0.2f, 0.2f, 0.5f, 0.5f, 1, 1};

        DetectionMetrics same = (DetectionMetrics) against(BOXES, boxes(scores, apart), boxes(scores, apart));
        DetectionMetrics other = (DetectionMetrics) against(BOXES, boxes(scores, apart), boxes(scores, moved));

        assertThat(same.agreement()).hasValue(1);
        assertThat(same.cocoToReference().orElseThrow().ap()).isCloseTo(1, within(1e-9));
        assertThat(same.meanMatchedIou()).isEqualTo(1);
        assertThat(same.coco()).isEmpty();
        assertThat(other.matched()).isEqualTo(1);
        assertThat(other.agreement()).hasValue(0.5);
        assertThat(other.cocoToReference().orElseThrow().ap()).isCloseTo(0.5, within(1e-9));
        assertThat(Verdict.of(same, 8, List.of()).sentence())
                .isEqualTo(
                        "2 of the 2 boxes that the float model sees in 1 held-back image are seen again, and 0 others"
                                + " (agreement 100.0 %), as they should at 8 bits; 1 is few to judge by");
    }

    @Test
    void aDetectorThatSeesNothingIsJudgedByItsScores() {
        float[] boxes = {0.2f, 0.2f, 0.2f, 0.2f};
        ModelOutputs nothing = boxes(new float[] {0, 1, 9}, boxes);

        TaskMetrics close = against(BOXES, nothing, boxes(new float[] {0, 1, 8.9f}, boxes));
        TaskMetrics far = against(BOXES, nothing, boxes(new float[] {0, 1, 1}, boxes));

        assertThat(close.agreement()).isEmpty();
        assertThat(Verdict.of(close, 8, List.of()).level()).isEqualTo(Verdict.Level.FINE);
        assertThat(Verdict.of(far, 8, List.of()).level()).isEqualTo(Verdict.Level.COLLAPSE);
        assertThat(Verdict.of(close, 8, List.of()).sentence()).contains("neither model sees an object");
    }

    @Test
    void embeddingsAreJudgedByTheirDirectionAndTheirNeighbours() {
        SplittableRandom random = new SplittableRandom(1);
        List<Evaluation> evaluations =
                Evaluation.run(List.of(VECTOR, VECTOR, VECTOR), 40, TestEngines.context(1), i -> {
                    float[] exact = new float[16];
                    float[] longer = new float[16];
                    float[] other = new float[16];
                    for (int c = 0; c < 16; c++) {
                        exact[c] = (float) random.nextGaussian();
                        longer[c] = 3 * exact[c];
                        other[c] = exact[c] + (float) random.nextGaussian();
                    }
                    return Optional.of(new Evaluation.Example(
                            List.of(vector(exact), vector(longer), vector(other)), GroundTruth.NONE));
                });

        EmbeddingMetrics same = (EmbeddingMetrics) evaluations.get(1).metrics();
        assertThat(same.meanCosine()).isCloseTo(1, within(1e-6));
        assertThat(same.sameNeighbours()).hasValue(1);
        EmbeddingMetrics noisy = (EmbeddingMetrics) evaluations.get(2).metrics();
        assertThat(noisy.meanCosine()).isBetween(0.6, 0.8);
        assertThat(noisy.worstCosine()).isLessThan(noisy.meanCosine());
        assertThat(noisy.sameNeighbours().orElseThrow()).isLessThan(0.5);
        assertThat(Verdict.of(noisy, 8, List.of()).level()).isEqualTo(Verdict.Level.COLLAPSE);
        assertThat(evaluations.get(0).metrics().figures())
                .allMatch(figure -> figure.value().isEmpty());
    }

    @Test
    void ofTokensTheClassTokenStandsForThePictureOrTheMeanOfAllPatches() {
        Answer.Vector classToken = (Answer.Vector) VECTOR.answer(
                Map.of("embedding", Tensor.of(new int[] {1, 5, 2}, new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})),
                PICTURE);
        Answer.Vector mean = (Answer.Vector) VECTOR.answer(
                Map.of("embedding", Tensor.of(new int[] {1, 4, 2}, new float[] {1, 2, 3, 4, 5, 6, 7, 8})), PICTURE);

        assertThat(classToken.values()).containsExactly(1, 2);
        assertThat(mean.values()).containsExactly(4, 5);
    }

    @Test
    void denseOutputsAreJudgedPlaceByPlace() {
        // Classes of the four places: 0 0 1 1 and 0 1 1 1.
        DenseMetrics metrics =
                (DenseMetrics) against(PLACES, places(9, 9, 0, 0, 1, 1, 9, 9), places(9, 0, 0, 0, 1, 1, 9, 9));

        assertThat(metrics.agreement()).hasValue(0.75);
        assertThat(metrics.meanIou()).isCloseTo((1 / 2.0 + 2 / 3.0) / 2, within(1e-9));
        assertThat(metrics.lost()).isCloseTo(81 / 326.0, within(1e-9));
    }

    @Test
    void classMapsOfAnyWholeNumbersAreJudgedPlaceByPlace() {
        Task map = new Task.ClassMap("map");

        DenseMetrics metrics = (DenseMetrics)
                against(map, output("map", 1, 2, 2, 0, 7, 255, -1), output("map", 1, 2, 2, 0, 7, 255, 3));

        assertThat(metrics.agreement()).hasValue(0.75);
        assertThat(metrics.lost()).isEqualTo(0.25);
        assertThat(metrics.meanIou()).isCloseTo(3 / 5.0, within(1e-9));
    }

    @Test
    void mapsOfNumbersAreJudgedByTheirErrors() {
        Task depth = new Task.ValueMap("depth");

        ValueMapMetrics metrics = (ValueMapMetrics)
                against(depth, output("depth", 1, 2, 2, 1, 2, 4, 8), output("depth", 1, 2, 2, 1, 2.2f, 4, 4));

        assertThat(metrics.absoluteError()).isCloseTo(4.2 / 4, within(1e-6));
        assertThat(metrics.relativeError()).isCloseTo((0.1 + 0.5) / 4, within(1e-6));
        assertThat(metrics.withinDelta()).isEqualTo(0.75);
        // The mean is 3.75: two places of the reference are above it, and both of the model's.
        assertThat(metrics.threshold()).isEqualTo("the mean");
        assertThat(metrics.iou()).isEqualTo(1);
        assertThat(metrics.lost()).isCloseTo(16.04 / (85 - 225 / 4.0), within(1e-6));
    }

    @Test
    void aSaliencyMapThatIsDestroyedIsNotFineThoughNoPlaceIsAboveOneHalf() {
        Task saliency = new Task.ValueMap("saliency");
        ModelOutputs map = output("saliency", 1, 2, 2, 0.1f, 0.2f, 0.3f, 0.4f);

        ValueMapMetrics same = (ValueMapMetrics) against(saliency, map, map);
        ValueMapMetrics flat =
                (ValueMapMetrics) against(saliency, map, output("saliency", 1, 2, 2, 0.25f, 0.25f, 0.25f, 0.25f));

        assertThat(Verdict.of(same, 8, List.of()).level()).isEqualTo(Verdict.Level.FINE);
        assertThat(flat.agreement().orElseThrow()).isCloseTo(0, within(1e-6));
        assertThat(flat.iou()).isZero();
        assertThat(Verdict.of(flat, 8, List.of()).level()).isEqualTo(Verdict.Level.COLLAPSE);
    }

    @Test
    void masksAreMatchedAsSets() {
        Task masks = new Task.Masks(Optional.of("scores"), "masks");
        float[] first = {9, 9, -9, -9};
        float[] second = {-9, -9, 9, 9};
        ModelOutputs reference = masks(first, second, new float[] {9, 0, 0, 0, 9, 0});
        ModelOutputs swapped = masks(second, first, new float[] {0, 9, 0, 9, 0, 0});
        ModelOutputs moved = masks(first, new float[] {-9, 9, 9, -9}, new float[] {9, 0, 0, 9, 0, 0});

        MaskMetrics same = (MaskMetrics) against(masks, reference, swapped);
        MaskMetrics other = (MaskMetrics) against(masks, reference, moved);

        assertThat(same.agreement()).hasValue(1);
        assertThat(same.meanIou()).isEqualTo(1);
        assertThat(same.sameLabel()).isEqualTo(1);
        assertThat(other.agreement().orElseThrow()).isCloseTo(0.5, within(1e-9));
        assertThat(other.meanIou()).isCloseTo((1 + 1 / 3.0) / 2, within(1e-9));
        assertThat(other.sameLabel()).isCloseTo(0.5, within(1e-9));
    }

    @Test
    void detectionsWithoutAnOrderAreMatchedAsSets() {
        Task list = new Task.DetectionList("labels", "corners", "confidence", Optional.empty());
        ModelOutputs one = list(new float[] {1, 2}, new float[] {0, 0, 100, 100, 200, 200, 300, 300});
        ModelOutputs other = list(new float[] {2, 1}, new float[] {200, 200, 300, 300, 0, 0, 100, 100});
        ModelOutputs far = list(new float[] {5, 6}, new float[] {300, 0, 400, 50, 0, 300, 50, 400});

        DetectionMetrics same = (DetectionMetrics) ofTwo(list, List.of(one, far), List.of(other, far));
        DetectionMetrics exchanged = (DetectionMetrics) ofTwo(list, List.of(one, far), List.of(far, one));

        assertThat(same.distance()).isCloseTo(0, within(1e-9));
        assertThat(same.distanceOfOthers()).isGreaterThan(0.5);
        assertThat(same.matched()).isEqualTo(4);
        assertThat(Verdict.of(same, 8, List.of()).level()).isEqualTo(Verdict.Level.FINE);
        assertThat(exchanged.agreement()).hasValue(0);
        assertThat(Verdict.of(exchanged, 8, List.of()).level()).isEqualTo(Verdict.Level.COLLAPSE);
    }

    @Test
    void aTaskThatIsNotKnownIsNotJudged() {
        Task other = new Task.Other(List.of("logits"));

        TaskMetrics metrics = against(other, logits(3, 4), logits(3, 5));
        Verdict verdict = Verdict.of(metrics, 8, List.of());

        assertThat(verdict.level()).isEqualTo(Verdict.Level.UNJUDGED);
        assertThat(verdict.sentence()).contains("cannot be judged", "by 20.00 % in 1 held-back image");
        assertThat(metrics.divergence().orElseThrow()).isCloseTo(1 / 25.0, within(1e-9));
    }

    private static TaskMetrics ofTwo(Task task, List<ModelOutputs> references, List<ModelOutputs> models) {
        return Evaluation.run(
                        List.of(task, task),
                        references.size(),
                        TestEngines.context(1),
                        i -> Optional.of(
                                new Evaluation.Example(List.of(references.get(i), models.get(i)), GroundTruth.NONE)))
                .get(1)
                .metrics();
    }

    /** Maps of these extents, one a channel. */
    private static ModelOutputs output(String name, int batch, int rows, int columns, float... values) {
        int channels = values.length / (rows * columns);
        return new ModelOutputs(Map.of(name, Tensor.of(new int[] {batch, channels, rows, columns}, values)), PICTURE);
    }

    private static ModelOutputs masks(float[] first, float[] second, float[] scores) {
        float[] both = new float[8];
        System.arraycopy(first, 0, both, 0, 4);
        System.arraycopy(second, 0, both, 4, 4);
        return new ModelOutputs(
                Map.of(
                        "scores", Tensor.of(new int[] {1, 2, 3}, scores),
                        "masks", Tensor.of(new int[] {1, 2, 2, 2}, both)),
                PICTURE);
    }

    private static ModelOutputs list(float[] labels, float[] corners) {
        return new ModelOutputs(
                Map.of(
                        "labels", Tensor.of(new int[] {1, 2}, labels),
                        "corners", Tensor.of(new int[] {1, 2, 4}, corners),
                        "confidence", Tensor.of(new int[] {1, 2}, new float[] {0.9f, 0.9f})),
                PICTURE);
    }

    private static TaskMetrics against(Task task, ModelOutputs reference, ModelOutputs model) {
        return Evaluation.run(
                        List.of(task, task),
                        1,
                        TestEngines.context(1),
                        i -> Optional.of(new Evaluation.Example(List.of(reference, model), GroundTruth.NONE)))
                .get(1)
                .metrics();
    }

    private static ModelOutputs logits(float... values) {
        return new ModelOutputs(Map.of("logits", Tensor.of(new int[] {1, values.length}, values)), PICTURE);
    }

    private static ModelOutputs vector(float... values) {
        return new ModelOutputs(Map.of("embedding", Tensor.of(new int[] {1, values.length}, values)), PICTURE);
    }

    private static ModelOutputs places(float... values) {
        return new ModelOutputs(Map.of("scores", Tensor.of(new int[] {1, 2, 2, values.length / 4}, values)), PICTURE);
    }

    private static ModelOutputs boxes(float[] scores, float[] boxes) {
        int queries = boxes.length / 4;
        return new ModelOutputs(
                Map.of(
                        "logits", Tensor.of(new int[] {1, queries, scores.length / queries}, scores),
                        "boxes", Tensor.of(new int[] {1, queries, 4}, boxes)),
                PICTURE);
    }
}
