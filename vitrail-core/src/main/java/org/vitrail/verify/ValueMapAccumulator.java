package org.vitrail.verify;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.vitrail.task.Answer;
import org.vitrail.tensor.VitrailException;
import org.vitrail.wire.WireInput;
import org.vitrail.wire.WireOutput;

/** Accumulates {@link ValueMapMetrics}. */
final class ValueMapAccumulator implements MetricAccumulator {
    /** Ratio of two depths from which one counts as wrong. */
    private static final double DELTA = 1.25;

    /** Values below this share of their map's mean are left out of relative errors. */
    private static final double LEAST_SHARE = 0.01;

    /** The sums over places, as they are written. */
    private static final int SUM = 0;

    private static final int SQUARES = 1;
    private static final int ABSOLUTE_ERROR = 2;
    private static final int SQUARED_ERROR = 3;
    private static final int RELATIVE_ERROR = 4;
    private static final int SUMS = 5;

    private final List<ExactSum> sums = new ArrayList<>();
    private int examples;
    private int compared;
    private long places;
    private float least = Float.POSITIVE_INFINITY;
    private float greatest = Float.NEGATIVE_INFINITY;
    private long rated;
    private long withinDelta;
    private Overlap aboveZero = Overlap.NONE;
    private Overlap aboveHalf = Overlap.NONE;
    private Overlap aboveMean = Overlap.NONE;

    /**
     * The places of the maps above a threshold.
     *
     * @param reference places above it in the reference model's maps
     * @param both places above it in both models' maps
     * @param either places above it in one of them
     */
    record Overlap(long reference, long both, long either) {
        static final Overlap NONE = new Overlap(0, 0, 0);

        Overlap plus(Overlap other) {
            return new Overlap(reference + other.reference, both + other.both, either + other.either);
        }

        void write(WireOutput out) throws IOException {
            out.longs(new long[] {reference, both, either});
        }

        static Overlap read(WireInput in, long places) throws IOException {
            long[] counts = in.longs(3);
            if (counts[1] < 0 || counts[0] < counts[1] || counts[2] < counts[0] || counts[2] > places) {
                throw new IllegalArgumentException("an overlap of " + Arrays.toString(counts) + " of " + places);
            }
            return new Overlap(counts[0], counts[1], counts[2]);
        }
    }

    ValueMapAccumulator() {
        for (int i = 0; i < SUMS; i++) {
            sums.add(new ExactSum());
        }
    }

    @Override
    public void add(int example, Answer answer, Optional<Answer> reference, GroundTruth truth) {
        examples++;
        reference.ifPresent(other -> compare(((Answer.Values) other).values(), ((Answer.Values) answer).values()));
    }

    private void compare(float[] reference, float[] model) {
        if (reference.length != model.length) {
            throw new VitrailException("the two models cannot be compared: the maps of one have " + reference.length
                    + " places, those of the other " + model.length);
        }
        compared++;
        places += reference.length;
        double[] one = new double[SUMS];
        for (float value : reference) {
            one[SUM] += value;
            one[SQUARES] += (double) value * value;
            least = Math.min(least, value);
            greatest = Math.max(greatest, value);
        }
        double mean = one[SUM] / Math.max(1, reference.length);
        for (int i = 0; i < reference.length; i++) {
            double wanted = reference[i];
            double error = model[i] - wanted;
            one[ABSOLUTE_ERROR] += Math.abs(error);
            one[SQUARED_ERROR] += error * error;
            if (wanted > LEAST_SHARE * mean && wanted > 0) {
                rated++;
                one[RELATIVE_ERROR] += Math.abs(error) / wanted;
                withinDelta += model[i] < DELTA * wanted && wanted < DELTA * model[i] ? 1 : 0;
            }
        }
        for (int i = 0; i < SUMS; i++) {
            sums.get(i).add(one[i]);
        }
        aboveZero = aboveZero.plus(overlap(reference, model, 0));
        aboveHalf = aboveHalf.plus(overlap(reference, model, 0.5));
        aboveMean = aboveMean.plus(overlap(reference, model, mean));
    }

    private static Overlap overlap(float[] reference, float[] model, double threshold) {
        long ofReference = 0;
        long both = 0;
        long either = 0;
        for (int i = 0; i < reference.length; i++) {
            boolean wanted = reference[i] > threshold;
            boolean got = model[i] > threshold;
            ofReference += wanted ? 1 : 0;
            both += wanted && got ? 1 : 0;
            either += wanted || got ? 1 : 0;
        }
        return new Overlap(ofReference, both, either);
    }

    @Override
    public void merge(MetricAccumulator more) {
        ValueMapAccumulator other = (ValueMapAccumulator) more;
        for (int i = 0; i < SUMS; i++) {
            sums.get(i).add(other.sums.get(i));
        }
        examples += other.examples;
        compared += other.compared;
        places += other.places;
        least = Math.min(least, other.least);
        greatest = Math.max(greatest, other.greatest);
        rated += other.rated;
        withinDelta += other.withinDelta;
        aboveZero = aboveZero.plus(other.aboveZero);
        aboveHalf = aboveHalf.plus(other.aboveHalf);
        aboveMean = aboveMean.plus(other.aboveMean);
    }

    @Override
    public int examples() {
        return examples;
    }

    @Override
    public TaskMetrics metrics() {
        boolean isPositive = least >= 0 && rated > 0;
        boolean isShare = least >= 0 && greatest <= 1;
        Overlap fixed = isShare ? aboveHalf : aboveZero;
        boolean splits = fixed.reference > 0 && fixed.reference < places;
        Overlap shown = splits ? fixed : aboveMean;
        double squares = sums.get(SQUARES).value();
        double sum = sums.get(SUM).value();
        double spread = squares - sum * sum / Math.max(1, places);
        double squaredError = sums.get(SQUARED_ERROR).value();
        return new ValueMapMetrics(
                examples,
                compared,
                sums.get(ABSOLUTE_ERROR).value() / places,
                isPositive ? sums.get(RELATIVE_ERROR).value() / rated : Double.NaN,
                isPositive ? (double) withinDelta / rated : Double.NaN,
                shown.either == 0 ? Double.NaN : (double) shown.both / shown.either,
                splits ? (isShare ? "0.5" : "0") : "the mean",
                squaredError == 0 ? 0 : squaredError / Math.max(spread, 1e-12 * squares));
    }

    @Override
    public void write(WireOutput out) throws IOException {
        out.integer(examples);
        out.integer(compared);
        out.longs(new long[] {places, rated, withinDelta});
        out.float32(least);
        out.float32(greatest);
        aboveZero.write(out);
        aboveHalf.write(out);
        aboveMean.write(out);
        for (ExactSum sum : sums) {
            sum.write(out);
        }
    }

    static ValueMapAccumulator read(WireInput in) throws IOException {
        ValueMapAccumulator accumulator = new ValueMapAccumulator();
        accumulator.examples = in.count(0, Integer.MAX_VALUE);
        accumulator.compared = in.count(0, accumulator.examples);
        long[] counts = in.longs(3);
        long most = (long) accumulator.compared * Integer.MAX_VALUE;
        if (counts[2] < 0 || counts[1] < counts[2] || counts[0] < counts[1] || counts[0] > most) {
            throw new IllegalArgumentException("counts of places of " + Arrays.toString(counts));
        }
        accumulator.places = counts[0];
        accumulator.rated = counts[1];
        accumulator.withinDelta = counts[2];
        accumulator.least = in.float32();
        accumulator.greatest = in.float32();
        accumulator.aboveZero = Overlap.read(in, counts[0]);
        accumulator.aboveHalf = Overlap.read(in, counts[0]);
        accumulator.aboveMean = Overlap.read(in, counts[0]);
        for (int i = 0; i < SUMS; i++) {
            accumulator.sums.set(i, ExactSum.read(in));
        }
        return accumulator;
    }
}
