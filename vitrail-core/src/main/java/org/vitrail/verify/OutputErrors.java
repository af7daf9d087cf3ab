package org.vitrail.verify;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.vitrail.linalg.SquaredDistance;
import org.vitrail.tensor.Tensor;
import org.vitrail.wire.WireInput;
import org.vitrail.wire.WireOutput;

/**
 * Sums the squared errors of a model's outputs over examples, exactly. There are none where the outputs of some example
 * differ in name, number or size from those of the reference model.
 */
final class OutputErrors {
    private static final int MAX_STATE_BYTES = 16;
    private static final int MAX_OUTPUTS = 1 << 12;
    private static final int MAX_NAME_BYTES = 1 << 14;

    private State state = State.EMPTY;
    private final List<Sum> sums = new ArrayList<>();

    private enum State {
        EMPTY,
        SUMMED,
        DIFFERENT
    }

    /** The squared norms {@code ‖ŷ − y‖²} and {@code ‖y‖²} of one output on one example. */
    record Squares(String output, double noise, double signal) {}

    /** The sums of the squares of one output. */
    private record Sum(String output, ExactSum noise, ExactSum signal) {}

    /** Returns the squares of all outputs of one example; empty where the two models have different ones. */
    static Optional<List<Squares>> between(Map<String, Tensor> reference, Map<String, Tensor> outputs) {
        List<Squares> squares = new ArrayList<>();
        for (Map.Entry<String, Tensor> output : reference.entrySet()) {
            Tensor other = outputs.get(output.getKey());
            if (other == null || other.size() != output.getValue().size()) {
                return Optional.empty();
            }
            squares.add(new Squares(
                    output.getKey(),
                    SquaredDistance.between(other.values(), output.getValue().values()),
                    SquaredDistance.fromZero(output.getValue().values())));
        }
        return Optional.of(squares);
    }

    void add(Optional<List<Squares>> example) {
        OutputErrors one = new OutputErrors();
        one.state = example.isEmpty() ? State.DIFFERENT : State.SUMMED;
        for (Squares squares : example.orElse(List.of())) {
            Sum sum = new Sum(squares.output, new ExactSum(), new ExactSum());
            sum.noise.add(squares.noise);
            sum.signal.add(squares.signal);
            one.sums.add(sum);
        }
        merge(one);
    }

    /** Takes over the sums of other examples, which are not to be used afterwards. */
    void merge(OutputErrors more) {
        if (more.state == State.EMPTY || state == State.DIFFERENT) {
            return;
        }
        if (state == State.EMPTY) {
            state = more.state;
            sums.addAll(more.sums);
        } else if (more.state == State.DIFFERENT || !outputs().equals(more.outputs())) {
            state = State.DIFFERENT;
            sums.clear();
        } else {
            for (int i = 0; i < sums.size(); i++) {
                sums.get(i).noise.add(more.sums.get(i).noise);
                sums.get(i).signal.add(more.sums.get(i).signal);
            }
        }
    }

    private List<String> outputs() {
        return sums.stream().map(Sum::output).toList();
    }

    /** Returns the error of each output, relative to the reference model's. */
    List<RelativeError> errors() {
        return sums.stream()
                .map(sum -> RelativeError.of(sum.output, sum.noise.value(), sum.signal.value()))
                .toList();
    }

    void write(WireOutput out) throws IOException {
        out.text(state.name());
        out.integer(sums.size());
        for (Sum sum : sums) {
            out.text(sum.output);
            sum.noise.write(out);
            sum.signal.write(out);
        }
    }

    static OutputErrors read(WireInput in) throws IOException {
        OutputErrors errors = new OutputErrors();
        errors.state = State.valueOf(in.text(MAX_STATE_BYTES));
        int outputs = in.count(0, errors.state == State.SUMMED ? MAX_OUTPUTS : 0);
        for (int i = 0; i < outputs; i++) {
            errors.sums.add(new Sum(in.text(MAX_NAME_BYTES), ExactSum.read(in), ExactSum.read(in)));
        }
        return errors;
    }
}
