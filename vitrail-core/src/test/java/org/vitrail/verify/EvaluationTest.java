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
                        "2 of the 2 boxes that the float model sees in 1 held-back images are seen again, and 0 others"
                                + " (agreement 100.0 %), as they should at 8 bits");
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
