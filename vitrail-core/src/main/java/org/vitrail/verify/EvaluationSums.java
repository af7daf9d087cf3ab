package org.vitrail.verify;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vitrail.task.Answer;
import org.vitrail.tensor.VitrailException;
import org.vitrail.wire.WireFormat;
import org.vitrail.wire.WireInput;
import org.vitrail.wire.WireOutput;

/**
 * The evaluation of models on some of the numbered examples: what is needed to merge it with that of others. Evaluations
 * of any split of the examples, merged in any order, are the same to the bit; those that were written and read merge as
 * those that were not.
 */
public final class EvaluationSums {
    private static final WireFormat FORMAT = new WireFormat(0x56495445, 1, "evaluation");
    private static final int MAX_KIND_BYTES = 64;
    private static final int MAX_MODELS = 1 << 10;

    private final AccumulatorKind kind;
    private final ExampleNumbers examples;
    private final List<MetricAccumulator> metrics = new ArrayList<>();

    /** Errors of the outputs of each model; none of the first, which is the reference of the others. */
    private final List<OutputErrors> errors = new ArrayList<>();

    private EvaluationSums(AccumulatorKind kind, ExampleNumbers examples) {
        this.kind = kind;
        this.examples = examples;
    }

    /** Returns the evaluation of so many models on no examples; the first is the reference of the others. */
    static EvaluationSums none(AccumulatorKind kind, int models) {
        EvaluationSums sums = new EvaluationSums(kind, new ExampleNumbers());
        for (int model = 0; model < models; model++) {
            sums.metrics.add(kind.accumulator());
            sums.errors.add(new OutputErrors());
        }
        return sums;
    }

    /**
     * Adds one example.
     *
     * @param example its number among all examples, from 0 on
     * @param answers of each model
     * @param squares of the outputs of each model but the first
     * @throws IllegalArgumentException for an example that has been added already
     */
    void add(int example, List<Answer> answers, List<Optional<List<OutputErrors.Squares>>> squares, GroundTruth truth) {
        examples.add(example);
        Answer reference = answers.getFirst();
        for (int model = 0; model < metrics.size(); model++) {
            metrics.get(model)
                    .add(example, answers.get(model), model == 0 ? Optional.empty() : Optional.of(reference), truth);
            if (model > 0) {
                errors.get(model).add(squares.get(model - 1));
            }
        }
    }

    /**
     * Takes over the evaluation of the same models on other examples, which is not to be used afterwards.
     *
     * @throws IllegalArgumentException for one of another task or number of models, or of an example that is in this one
     *     already
     */
    public void merge(EvaluationSums more) {
        if (more.kind != kind || more.metrics.size() != metrics.size()) {
            throw new IllegalArgumentException("an evaluation of " + metrics.size() + " models for " + kind.label()
                    + " cannot take one of " + more.metrics.size() + " for " + more.kind.label());
        }
        examples.add(more.examples);
        for (int model = 0; model < metrics.size(); model++) {
            metrics.get(model).merge(more.metrics.get(model));
            errors.get(model).merge(more.errors.get(model));
        }
    }

    /** Returns the number of models. */
    public int models() {
        return metrics.size();
    }

    /** Returns the number of examples that were run. */
    public int examples() {
        return examples.size();
    }

    /** Returns the metrics of a model on the examples so far. */
    TaskMetrics metrics(int model) {
        return metrics.get(model).metrics();
    }

    /** Returns the errors of a model's outputs on the examples so far. */
    List<RelativeError> outputErrors(int model) {
        return errors.get(model).errors();
    }

    /** Writes everything for another process, in a versioned binary form. */
    public void write(OutputStream stream) throws IOException {
        WireOutput out = FORMAT.begin(stream);
        out.text(kind.name());
        examples.write(out);
        out.integer(metrics.size());
        for (int model = 0; model < metrics.size(); model++) {
            metrics.get(model).write(out);
            errors.get(model).write(out);
        }
        out.flush();
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @param name the source in messages
     * @throws VitrailException when it is no evaluation, one of another version, or damaged
     */
    public static EvaluationSums read(InputStream stream, String name) throws IOException {
        return FORMAT.read(stream, name, EvaluationSums::read);
    }

    private static EvaluationSums read(WireInput in) throws IOException {
        AccumulatorKind kind = AccumulatorKind.valueOf(in.text(MAX_KIND_BYTES));
        EvaluationSums sums = new EvaluationSums(kind, ExampleNumbers.read(in));
        int models = in.count(1, MAX_MODELS);
        for (int model = 0; model < models; model++) {
            MetricAccumulator accumulator = kind.read(in, sums.examples);
            if (accumulator.examples() != sums.examples.size()) {
                throw new IllegalArgumentException(
                        "metrics of " + accumulator.examples() + " examples among " + sums.examples.size());
            }
            sums.metrics.add(accumulator);
            sums.errors.add(OutputErrors.read(in));
        }
        return sums;
    }
}
