package org.vitrail.verify;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.vitrail.task.Answer;
import org.vitrail.tensor.VitrailException;
import org.vitrail.wire.WireInput;
import org.vitrail.wire.WireOutput;

/** Accumulates {@link MaskMetrics}. */
final class MaskAccumulator implements MetricAccumulator {
    /** Least intersection over union of masks that count as the same. */
    private static final double MIN_MATCH_IOU = 0.75;

    /** Sums over the masks of the reference, as they are written. */
    private static final int WEIGHT = 0;

    private static final int SAME = 1;
    private static final int IOU = 2;
    private static final int LABELLED = 3;
    private static final int SAME_LABEL = 4;
    private static final int SUMS = 5;

    private final List<ExactSum> sums = new ArrayList<>();
    private int examples;
    private int compared;
    private int masks;

    MaskAccumulator() {
        for (int i = 0; i < SUMS; i++) {
            sums.add(new ExactSum());
        }
    }

    @Override
    public void add(int example, Answer answer, Optional<Answer> reference, GroundTruth truth) {
        examples++;
        reference.ifPresent(other -> compare((Answer.Masks) other, (Answer.Masks) answer));
    }

    /** A possible pair of masks. */
    private record Pair(Answer.Mask wanted, Answer.Mask got, double iou) {}

    private void compare(Answer.Masks reference, Answer.Masks model) {
        if (reference.places() != model.places()) {
            throw new VitrailException("the two models cannot be compared: the masks of one have " + reference.places()
                    + " places, those of the other " + model.places());
        }
        compared++;
        List<Answer.Mask> wanted = new ArrayList<>(reference.masks().stream()
                .filter(mask -> !mask.places().isEmpty())
                .toList());
        List<Answer.Mask> free = new ArrayList<>(
                model.masks().stream().filter(mask -> !mask.places().isEmpty()).toList());
        masks += wanted.size();
        wanted.forEach(mask -> sums.get(WEIGHT).add(mask.score()));
        List<Pair> pairs = new ArrayList<>();
        for (Answer.Mask one : wanted) {
            for (Answer.Mask other : free) {
                double overlap = iou(one.places(), other.places());
                if (overlap > 0) {
                    pairs.add(new Pair(one, other, overlap));
                }
            }
        }
        pairs.sort(Comparator.comparingDouble(Pair::iou).reversed());
        for (Pair pair : pairs) {
            if (contains(wanted, pair.wanted) && contains(free, pair.got)) {
                remove(wanted, pair.wanted);
                remove(free, pair.got);
                count(pair);
            }
        }
    }

    private void count(Pair pair) {
        double score = pair.wanted.score();
        sums.get(SAME).add(pair.iou >= MIN_MATCH_IOU ? score : 0);
        sums.get(IOU).add(score * pair.iou);
        if (pair.wanted.label() >= 0) {
            sums.get(LABELLED).add(score);
            sums.get(SAME_LABEL).add(pair.wanted.label() == pair.got.label() ? score : 0);
        }
    }

    /** Returns whether this mask is in the list, by identity: two masks may be equal. */
    @SuppressWarnings("ReferenceEquality")
    private static boolean contains(List<Answer.Mask> masks, Answer.Mask wanted) {
        return masks.stream().anyMatch(mask -> mask == wanted);
    }

    @SuppressWarnings("ReferenceEquality")
    private static void remove(List<Answer.Mask> masks, Answer.Mask wanted) {
        masks.removeIf(mask -> mask == wanted);
    }

    private static double iou(BitSet one, BitSet other) {
        BitSet both = (BitSet) one.clone();
        both.and(other);
        int shared = both.cardinality();
        return shared == 0 ? 0 : shared / (double) (one.cardinality() + other.cardinality() - shared);
    }

    @Override
    public void merge(MetricAccumulator more) {
        MaskAccumulator other = (MaskAccumulator) more;
        for (int i = 0; i < SUMS; i++) {
            sums.get(i).add(other.sums.get(i));
        }
        examples += other.examples;
        compared += other.compared;
        masks += other.masks;
    }

    @Override
    public int examples() {
        return examples;
    }

    @Override
    public TaskMetrics metrics() {
        return new MaskMetrics(
                examples, compared, masks, share(SAME, WEIGHT), share(IOU, WEIGHT), share(SAME_LABEL, LABELLED));
    }

    /** NaN where there is nothing to divide by. */
    private double share(int part, int whole) {
        double divisor = sums.get(whole).value();
        return divisor == 0 ? Double.NaN : sums.get(part).value() / divisor;
    }

    @Override
    public void write(WireOutput out) throws IOException {
        out.integer(examples);
        out.integer(compared);
        out.integer(masks);
        for (ExactSum sum : sums) {
            sum.write(out);
        }
    }

    static MaskAccumulator read(WireInput in) throws IOException {
        MaskAccumulator accumulator = new MaskAccumulator();
        accumulator.examples = in.count(0, Integer.MAX_VALUE);
        accumulator.compared = in.count(0, accumulator.examples);
        accumulator.masks = in.count(0, Integer.MAX_VALUE);
        for (int i = 0; i < SUMS; i++) {
            accumulator.sums.set(i, ExactSum.read(in));
        }
        return accumulator;
    }
}
