package org.vitrail.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.vitrail.detection.Box;
import org.vitrail.detection.GroundTruthObject;
import org.vitrail.image.Region;
import org.vitrail.image.Size;
import org.vitrail.task.ModelOutputs;
import org.vitrail.task.ScoreForm;
import org.vitrail.task.Task;
import org.vitrail.tensor.Tensor;
import org.vitrail.tensor.VitrailException;
import org.vitrail.testing.TestEngines;

class EvaluationSumsTest {
    private static final Region PICTURE = Region.all(new Size(480, 640));

    private static Task task(Task.Kind kind) {
        return switch (kind) {
            case CLASSIFICATION -> new Task.Classification("scores");
            case DETECTION -> new Task.ObjectDetection("scores", "boxes");
            case EMBEDDING -> new Task.Embedding("scores");
            case DENSE -> new Task.Dense("scores");
            case OTHER -> new Task.Other(List.of("scores", "boxes"));
        };
    }

    /** The same pseudo-random outputs of three models for the same number; every eleventh example is skipped. */
    private static Optional<Evaluation.Example> example(Task.Kind kind, int number) {
        if (number % 11 == 7) {
            return Optional.empty();
        }
        SplittableRandom random = new SplittableRandom(number);
        int[] shape = switch (kind) {
            case CLASSIFICATION -> new int[] {1, 5};
            case DETECTION -> new int[] {1, 6, 4};
            case EMBEDDING -> new int[] {1, 3};
            case DENSE, OTHER -> new int[] {1, 3, 2, 2};
        };
        Tensor exact = gaussian(shape, 2, random);
        Tensor boxes = uniform(6 * 4, random);
        List<ModelOutputs> runs = new ArrayList<>();
        for (int model = 0; model < 3; model++) {
            Map<String, Tensor> outputs = new LinkedHashMap<>();
            outputs.put("scores", model == 0 ? exact : plus(exact, gaussian(shape, 0.3 * model, random)));
            outputs.put("boxes", model == 0 ? boxes : plus(boxes, gaussian(new int[] {1, 6, 4}, 0.02, random)));
            runs.add(new ModelOutputs(outputs, PICTURE));
        }
        boolean annotated = kind == Task.Kind.DETECTION && number % 3 != 0;
        GroundTruthObject object =
                new GroundTruthObject(number % 3, new Box(10 * random.nextDouble(), 20, 300, 200), 50_000, false);
        return Optional.of(new Evaluation.Example(
                runs,
                new GroundTruth(
                        kind == Task.Kind.CLASSIFICATION && number % 2 == 0
                                ? OptionalInt.of(number % 5)
                                : OptionalInt.empty(),
                        annotated ? Optional.of(List.of(object)) : Optional.empty())));
    }

    private static Tensor gaussian(int[] shape, double size, SplittableRandom random) {
        float[] values = new float[(int) Tensor.size(shape)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (size * random.nextGaussian());
        }
        return Tensor.of(shape, values);
    }

    private static Tensor uniform(int count, SplittableRandom random) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextDouble(0.1, 0.9);
        }
        return Tensor.of(new int[] {1, count / 4, 4}, values);
    }

    private static Tensor plus(Tensor a, Tensor b) {
        float[] values = a.values().clone();
        for (int i = 0; i < values.length; i++) {
            values[i] += b.values()[i];
        }
        return Tensor.of(a.shape(), values);
    }

    private static EvaluationSums sums(Task.Kind kind, int from, int to) {
        List<Task> tasks = Collections.nCopies(3, task(kind));
        return Evaluation.sums(tasks, from, to, TestEngines.context(1), number -> example(kind, number));
    }

    private static byte[] bytes(EvaluationSums sums) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        sums.write(out);
        return out.toByteArray();
    }

    private static EvaluationSums read(byte[] bytes) throws IOException {
        return EvaluationSums.read(new ByteArrayInputStream(bytes), "part-7");
    }

    /** Odd seeds: contiguous shares; even ones: any share, in any order. */
    private static EvaluationSums ofRandomSplit(Task.Kind kind, int examples, long seed) throws IOException {
        Random random = new Random(seed);
        List<EvaluationSums> workers = new ArrayList<>();
        if (seed % 2 == 1) {
            int from = 0;
            while (from < examples) {
                int to = Math.min(examples, from + 1 + random.nextInt(examples));
                workers.add(sums(kind, from, to));
                from = to;
            }
        } else {
            List<Integer> numbers =
                    new ArrayList<>(IntStream.range(0, examples).boxed().toList());
            Collections.shuffle(numbers, random);
            int workerCount = 1 + random.nextInt(6);
            for (int worker = 0; worker < workerCount; worker++) {
                EvaluationSums share = sums(kind, 0, 0);
                for (int i = worker; i < examples; i += workerCount) {
                    share.merge(sums(kind, numbers.get(i), numbers.get(i) + 1));
                }
                workers.add(share);
            }
        }
        Collections.shuffle(workers, random);
        EvaluationSums all = sums(kind, 0, 0);
        for (EvaluationSums worker : workers) {
            all.merge(seed % 3 == 0 ? read(bytes(worker)) : worker);
        }
        return all;
    }

    @ParameterizedTest
    @CsvSource({
        "CLASSIFICATION, 1", "CLASSIFICATION, 40", "CLASSIFICATION, 333",
        "DETECTION, 1", "DETECTION, 40", "DETECTION, 100",
        "EMBEDDING, 1", "EMBEDDING, 40", "EMBEDDING, 1200",
        "DENSE, 1", "DENSE, 40", "DENSE, 333",
        "OTHER, 1", "OTHER, 40"
    })
    void anySplitAndAnyOrderOfMergingGivesTheSameBytes(Task.Kind kind, int examples) throws IOException {
        EvaluationSums whole = sums(kind, 0, examples);
        byte[] expected = bytes(whole);

        for (long seed = 0; seed < (examples > 1000 ? 4 : 12); seed++) {
            EvaluationSums merged = ofRandomSplit(kind, examples, seed);
            assertThat(bytes(merged)).as("seed %d", seed).isEqualTo(expected);
            assertThat(Evaluation.of(merged)).as("seed %d", seed).isEqualTo(Evaluation.of(whole));
        }
        assertThat(Evaluation.of(whole).get(2).metrics().compared()).isEqualTo(whole.examples());
        assertThat(Evaluation.of(whole).get(2).outputErrors())
                .extracting(RelativeError::layer)
                .containsExactly("scores", "boxes");
    }

    /** Maps of numbers, masks, and detections without an order, from the outputs of other kinds. */
    @ParameterizedTest
    @CsvSource({"0", "1", "2"})
    void everyFormOfAnswersMergesAndIsReadAgain(int form) throws IOException {
        Task task = List.of(
                        new Task.ValueMap("scores"),
                        new Task.Masks(Optional.empty(), "scores"),
                        new Task.ObjectDetection("scores", "boxes", ScoreForm.SIGMOID_LOGITS))
                .get(form);
        Task.Kind kind = form == 2 ? Task.Kind.DETECTION : Task.Kind.DENSE;
        List<Task> tasks = Collections.nCopies(3, task);
        EvaluationSums whole = Evaluation.sums(tasks, 0, 30, TestEngines.context(1), number -> example(kind, number));
        EvaluationSums end = Evaluation.sums(tasks, 17, 30, TestEngines.context(1), number -> example(kind, number));
        end.merge(read(bytes(Evaluation.sums(tasks, 0, 17, TestEngines.context(1), number -> example(kind, number)))));

        assertThat(bytes(end)).isEqualTo(bytes(whole));
        assertThat(Evaluation.of(end)).isEqualTo(Evaluation.of(whole));
        assertThat(Evaluation.of(whole).get(1).metrics().agreement().orElseThrow())
                .isBetween(0.1, 0.999);
    }

    @Test
    void neighboursAreSearchedAmongTheExamplesWithTheLowestNumbers() {
        EvaluationSums merged = sums(Task.Kind.EMBEDDING, 700, 1300);
        merged.merge(sums(Task.Kind.EMBEDDING, 0, 700));

        EmbeddingMetrics all = (EmbeddingMetrics) merged.metrics(1);
        assertThat(all.neighbours()).isEqualTo(EmbeddingAccumulator.MAX_NEIGHBOURS);
        assertThat(all.compared()).isEqualTo(merged.examples()).isGreaterThan(1100);
    }

    @Test
    void outputErrorsAreLeftOutWhereOneExampleHasOtherOutputs() {
        OutputErrors errors = new OutputErrors();
        Optional<List<OutputErrors.Squares>> one = Optional.of(List.of(new OutputErrors.Squares("logits", 1, 4)));
        errors.add(one);
        errors.add(one);
        assertThat(errors.errors()).containsExactly(new RelativeError("logits", 0.5));
        errors.add(Optional.empty());
        errors.add(one);
        assertThat(errors.errors()).isEmpty();
    }

    @Test
    void refusesAnExampleThatCountsTwiceAndAnotherEvaluation() {
        EvaluationSums some = sums(Task.Kind.DENSE, 0, 5);
        assertThatThrownBy(() -> some.merge(sums(Task.Kind.DENSE, 3, 4)))
                .hasMessageContaining("example 3 has been added already");
        assertThatThrownBy(() -> some.merge(sums(Task.Kind.EMBEDDING, 5, 6)))
                .hasMessageContaining("3 models for dense cannot take one of 3 for embedding");
    }

    @ParameterizedTest
    @EnumSource(Task.Kind.class)
    void refusesWhatIsCutShortOrOfAnotherVersionOrDamaged(Task.Kind kind) throws IOException {
        byte[] bytes = bytes(sums(kind, 0, 12));

        for (int length = 0; length < bytes.length; length += length < 300 ? 1 : 97) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> read(cut))
                    .isInstanceOf(VitrailException.class)
                    .hasMessageContaining("part-7 is cut short");
        }
        byte[] newer = bytes.clone();
        newer[7] = 9;
        assertThatThrownBy(() -> read(newer))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("evaluation of version 9");
        byte[] other = bytes.clone();
        other[0] = 0;
        assertThatThrownBy(() -> read(other)).hasMessageContaining("holds no evaluation");
    }

    /** A damaged byte is refused, or gives other figures that merge and can be read; it never ends in another error. */
    @ParameterizedTest
    @EnumSource(Task.Kind.class)
    void readsOrRefusesAnyBytes(Task.Kind kind) throws IOException {
        byte[] bytes = bytes(sums(kind, 0, 12));
        Random random = new Random(3);
        int refused = 0;
        for (int round = 0; round < 500; round++) {
            byte[] damaged = bytes.clone();
            for (int i = 0; i <= round % 3; i++) {
                damaged[8 + random.nextInt(bytes.length - 8)] = (byte) random.nextInt();
            }
            try {
                EvaluationSums found = read(damaged);
                found.merge(sums(kind, 1000, 1001));
                Evaluation.of(found);
            } catch (VitrailException e) {
                refused++;
                assertThat(e).hasMessageContaining("part-7");
            } catch (IllegalArgumentException e) {
                assertThat(e).hasMessageContaining("cannot take");
            }
        }
        assertThat(refused).isPositive();
    }
}
