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

    /** The answers and errors of an example until they are added. */
    private record Read(
            int number, List<Answer> answers, List<Optional<List<OutputErrors.Squares>>> errors, GroundTruth truth) {}

    /**
     * Judges models on examples, which are asked for on the threads of the context.
     *
     * @param tasks the models' tasks, all of one kind; the first model is the reference of the others
     * @param example runs all models on an example; empty for one that is skipped
     * @return one evaluation per model; the first has no reference
     * @throws VitrailException where the models' tasks differ, or an answer does not fit its task
     */
    public static List<Evaluation> run(
            List<Task> tasks, int examples, RunContext context, IntFunction<Optional<Example>> example) {
        return of(sums(tasks, 0, examples, context, example));
    }

    /**
     * Judges models on some of the examples, as {@link #run} does; what is returned merges with that of the others.
     *
     * @param from the number of the first example
     * @param to the number behind the last one
     */
    public static EvaluationSums sums(
            List<Task> tasks, int from, int to, RunContext context, IntFunction<Optional<Example>> example) {
        EvaluationSums sums = none(tasks);
        context.runner()
                .forEach(
                        to - from,
                        i -> example.apply(from + i).map(one -> read(from + i, tasks, one)),
                        read -> read.ifPresent(one -> add(one, sums)));
        return sums;
    }

    /** Returns one evaluation per model; the first has no reference. */
    public static List<Evaluation> of(EvaluationSums sums) {
        return IntStream.range(0, sums.models())
                .mapToObj(model -> new Evaluation(sums.metrics(model), sums.outputErrors(model)))
                .toList();
    }

    /**
     * Judges a model against a reference model on examples without ground truth.
     *
     * @param afterEach is called when an example has been added
     */
    public static Evaluation compare(
            Task task, Engine reference, Engine model, ExampleSource examples, RunContext context, Runnable afterEach) {
        List<Task> tasks = List.of(task, task);
        EvaluationSums sums = none(tasks);
        context.runner()
                .run(
                        List.of(reference, model),
                        examples,
                        run -> read(
                                run.example(),
                                tasks,
                                of(run.outputs().get(0), run.outputs().get(1))),
                        read -> {
                            add(read, sums);
                            afterEach.run();
                        });
        return of(sums).get(1);
    }

    /** Returns a model's metrics on one example compared with the reference model, from the outputs of both. */
    public static TaskMetrics compare(Task task, Map<String, Tensor> reference, Map<String, Tensor> outputs) {
        List<Task> tasks = List.of(task, task);
        EvaluationSums sums = none(tasks);
        add(read(0, tasks, of(reference, outputs)), sums);
        return sums.metrics(1);
    }

    private static EvaluationSums none(List<Task> tasks) {
        for (Task task : tasks) {
            if (task.kind() != tasks.getFirst().kind()) {
                throw new VitrailException("the models cannot be compared: the task of one is "
                        + tasks.getFirst().kind().label() + ", that of another "
                        + task.kind().label() + " (--task sets both)");
            }
        }
        AccumulatorKind kind = AccumulatorKind.of(tasks.getFirst());
        for (Task task : tasks) {
            if (AccumulatorKind.of(task) != kind) {
                throw new VitrailException("the models cannot be compared: one answers with " + kind.label()
                        + ", another with " + AccumulatorKind.of(task).label());
            }
        }
        return EvaluationSums.none(kind, tasks.size());
    }

    private static void add(Read read, EvaluationSums sums) {
        sums.add(read.number, read.answers, read.errors, read.truth);
    }

    /** Returns an example without ground truth, from the outputs of both models. */
    public static Example of(Map<String, Tensor> reference, Map<String, Tensor> outputs) {
        return new Example(
                List.of(new ModelOutputs(reference, FALLBACK_REGION), new ModelOutputs(outputs, FALLBACK_REGION)),
                GroundTruth.NONE);
    }

    private static Read read(int number, List<Task> tasks, Example example) {
        List<Answer> answers = new ArrayList<>();
        List<Optional<List<OutputErrors.Squares>>> errors = new ArrayList<>();
        Map<String, Tensor> reference = example.runs.getFirst().outputs();
        for (int model = 0; model < tasks.size(); model++) {
            ModelOutputs run = example.runs.get(model);
            answers.add(tasks.get(model).answer(run.outputs(), run.region()));
            if (model > 0) {
                errors.add(OutputErrors.between(reference, run.outputs()));
            }
        }
        return new Read(number, answers, errors, example.truth);
    }
}
