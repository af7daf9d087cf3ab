package org.vitrail.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.vitrail.engine.Engine;
import org.vitrail.engine.ExampleSource;
import org.vitrail.engine.RunContext;
import org.vitrail.image.Region;
import org.vitrail.image.Size;
import org.vitrail.linalg.SquaredDistance;
import org.vitrail.task.Answer;
import org.vitrail.task.ModelOutputs;
import org.vitrail.task.Task;
import org.vitrail.tensor.Tensor;
import org.vitrail.tensor.VitrailException;

/**
 * The result of running a model on examples beside a reference model.
 *
 * @param metrics metrics of the model's task
 * @param outputErrors error of each output, relative to the reference model's; empty without a reference, or where the
 * two models have different outputs
 */
public record Evaluation(TaskMetrics metrics, List<RelativeError> outputErrors) {
    /**
     * Region for boxes where the image is not known, of COCO's usual size: the overlap of boxes does not depend on it.
     */
    private static final Region FALLBACK_REGION = Region.all(new Size(480, 640));

    public Evaluation {
        outputErrors = List.copyOf(outputErrors);
    }

    /** The runs of all models on an example, the reference model's first. */
    public record Example(List<ModelOutputs> runs, GroundTruth truth) {
        public Example {
            runs = List.copyOf(runs);
        }
    }

    /** The answers and errors of an example until they are added in order. */
    private record Read(List<Answer> answers, List<List<Squares>> errors, GroundTruth truth) {}

    /** The squared norms {@code ‖ŷ − y‖²} and {@code ‖y‖²} of one output on one example. */
    private record Squares(String output, double noise, double signal) {
        Squares plus(Squares other) {
            return new Squares(output, noise + other.noise, signal + other.signal);
        }
    }

    /**
     * Judges models on examples, which are asked for on the threads of the context and added up in their order.
     *
     * @param tasks the models' tasks, all of one kind; the first model is the reference of the others
     * @param example runs all models on an example; empty for one that is skipped
     * @return one evaluation per model; the first has no reference
     * @throws VitrailException where the models' tasks differ, or an answer does not fit its task
     */
    public static List<Evaluation> run(
            List<Task> tasks, int examples, RunContext context, IntFunction<Optional<Example>> example) {
        Accumulators sums = new Accumulators(tasks);
        context.runner()
                .forEach(
                        examples,
                        i -> example.apply(i).map(one -> read(tasks, one)),
                        read -> read.ifPresent(sums::add));
        return sums.evaluations();
    }

    /**
     * Judges a model against a reference model on examples without ground truth.
     *
     * @param afterEach is called when an example has been added
     */
    public static Evaluation compare(
            Task task, Engine reference, Engine model, ExampleSource examples, RunContext context, Runnable afterEach) {
        Accumulators sums = new Accumulators(List.of(task, task));
        context.runner()
                .run(
                        List.of(reference, model),
                        examples,
                        run -> read(
                                sums.tasks,
                                of(run.outputs().get(0), run.outputs().get(1))),
                        read -> {
                            sums.add(read);
                            afterEach.run();
                        });
        return sums.evaluations().get(1);
    }

    /** Returns a model's metrics on one example compared with the reference model, from the outputs of both. */
    public static TaskMetrics compare(Task task, Map<String, Tensor> reference, Map<String, Tensor> outputs) {
        MetricAccumulator tally = accumulator(task.kind());
        Answer wanted = task.answer(reference, FALLBACK_REGION);
        tally.add(task.answer(outputs, FALLBACK_REGION), Optional.of(wanted), GroundTruth.NONE);
        return tally.metrics();
    }

    /** Returns an example without ground truth, from the outputs of both models. */
    public static Example of(Map<String, Tensor> reference, Map<String, Tensor> outputs) {
        return new Example(
                List.of(new ModelOutputs(reference, FALLBACK_REGION), new ModelOutputs(outputs, FALLBACK_REGION)),
                GroundTruth.NONE);
    }

    private static Read read(List<Task> tasks, Example example) {
        List<Answer> answers = new ArrayList<>();
        List<List<Squares>> errors = new ArrayList<>();
        Map<String, Tensor> reference = example.runs.getFirst().outputs();
        for (int model = 0; model < tasks.size(); model++) {
            ModelOutputs run = example.runs.get(model);
            answers.add(tasks.get(model).answer(run.outputs(), run.region()));
            errors.add(model == 0 ? List.of() : squares(reference, run.outputs()));
        }
        return new Read(answers, errors, example.truth);
    }

    private static List<Squares> squares(Map<String, Tensor> reference, Map<String, Tensor> outputs) {
        List<Squares> squares = new ArrayList<>();
        for (Map.Entry<String, Tensor> output : reference.entrySet()) {
            Tensor other = outputs.get(output.getKey());
            if (other == null || other.size() != output.getValue().size()) {
                return List.of();
            }
            squares.add(new Squares(
                    output.getKey(),
                    SquaredDistance.between(other.values(), output.getValue().values()),
                    SquaredDistance.fromZero(output.getValue().values())));
        }
        return squares;
    }

    /** Adds up what is kept of examples, in their order. */
    private static final class Accumulators {
        private final List<Task> tasks;
        private final List<MetricAccumulator> metrics;
        private final List<List<Squares>> squares = new ArrayList<>();

        Accumulators(List<Task> tasks) {
            for (Task task : tasks) {
                if (task.kind() != tasks.getFirst().kind()) {
                    throw new VitrailException("the models cannot be compared: the task of one is "
                            + tasks.getFirst().kind().label() + ", that of another "
                            + task.kind().label() + " (--task sets both)");
                }
            }
            this.tasks = List.copyOf(tasks);
            this.metrics = tasks.stream().map(task -> accumulator(task.kind())).toList();
            tasks.forEach(task -> squares.add(List.of()));
        }

        void add(Read read) {
            Answer reference = read.answers.getFirst();
            for (int model = 0; model < metrics.size(); model++) {
                metrics.get(model)
                        .add(
                                read.answers.get(model),
                                model == 0 ? Optional.empty() : Optional.of(reference),
                                read.truth);
                squares.set(model, plus(squares.get(model), read.errors.get(model)));
            }
        }

        private static List<Squares> plus(List<Squares> sum, List<Squares> one) {
            return sum.isEmpty()
                    ? one
                    : IntStream.range(0, Math.min(sum.size(), one.size()))
                            .mapToObj(i -> sum.get(i).plus(one.get(i)))
                            .toList();
        }

        List<Evaluation> evaluations() {
            return IntStream.range(0, tasks.size())
                    .mapToObj(model -> new Evaluation(
                            metrics.get(model).metrics(),
                            squares.get(model).stream()
                                    .map(sum -> RelativeError.of(sum.output, sum.noise, sum.signal))
                                    .toList()))
                    .toList();
        }
    }

    /** A new accumulator for a task. */
    private static MetricAccumulator accumulator(Task.Kind kind) {
        return switch (kind) {
            case CLASSIFICATION -> new ClassificationAccumulator();
            case DETECTION -> new DetectionAccumulator();
            case EMBEDDING -> new EmbeddingAccumulator();
            case DENSE -> new DenseAccumulator();
        };
    }
}
