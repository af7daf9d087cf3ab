package org.vitrail.verify;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.vitrail.linalg.SquaredDistance;
import org.vitrail.task.Answer;
import org.vitrail.tensor.VitrailException;
import org.vitrail.wire.WireInput;
import org.vitrail.wire.WireOutput;

/** Accumulates {@link OtherMetrics}. */
final class OtherAccumulator implements MetricAccumulator {
    private int examples;
    private int compared;
    private final ExactSum lost;

    OtherAccumulator() {
        this(new ExactSum());
    }

    private OtherAccumulator(ExactSum lost) {
        this.lost = lost;
    }

    @Override
    public void add(int example, Answer answer, Optional<Answer> reference, GroundTruth truth) {
        examples++;
        reference.ifPresent(other -> compare(((Answer.Numbers) other).outputs(), ((Answer.Numbers) answer).outputs()));
    }

    private void compare(List<float[]> reference, List<float[]> model) {
        compared++;
        for (int output = 0; output < reference.size(); output++) {
            float[] wanted = reference.get(output);
            float[] got = model.get(output);
            if (wanted.length != got.length) {
                throw new VitrailException("the two models cannot be compared: output " + output + " of one has "
                        + wanted.length + " numbers, that of the other " + got.length);
            }
            double noise = SquaredDistance.between(got, wanted);
            lost.add(noise == 0 ? 0 : noise / SquaredDistance.fromZero(wanted) / reference.size());
        }
    }

    @Override
    public void merge(MetricAccumulator more) {
        OtherAccumulator other = (OtherAccumulator) more;
        examples += other.examples;
        compared += other.compared;
        lost.add(other.lost);
    }

    @Override
    public int examples() {
        return examples;
    }

    @Override
    public TaskMetrics metrics() {
        return new OtherMetrics(examples, compared, lost.value());
    }

    @Override
    public void write(WireOutput out) throws IOException {
        out.integer(examples);
        out.integer(compared);
        lost.write(out);
    }

    static OtherAccumulator read(WireInput in) throws IOException {
        int examples = in.count(0, Integer.MAX_VALUE);
        int compared = in.count(0, examples);
        OtherAccumulator accumulator = new OtherAccumulator(ExactSum.read(in));
        accumulator.examples = examples;
        accumulator.compared = compared;
        return accumulator;
    }
}
