package org.vitrail.verify;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * The agreement of outputs whose meaning is not known with those of the reference model.
 *
 * @param lost sum over the compared examples of the squared error over the squared norm, mean over the outputs
 */
public record OtherMetrics(int examples, int compared, double lost) implements TaskMetrics {
    @Override
    public OptionalDouble agreement() {
        return OptionalDouble.empty();
    }

    @Override
    public OptionalDouble lostShare() {
        return compared == 0 ? OptionalDouble.empty() : OptionalDouble.of(lost / compared);
    }

    @Override
    public boolean isJudged() {
        return false;
    }

    @Override
    public List<MetricValue> figures() {
        return List.of();
    }

    @Override
    public String found() {
        return String.format(
                Locale.ROOT,
                "what the outputs mean is not known, so that the loss cannot be judged; they differ from the float model's"
                        + " by %.2f %% in %s",
                100 * Math.sqrt(lostShare().orElse(0)),
                TaskMetrics.heldBack(compared));
    }

    @Override
    public String closeness() {
        return String.format(
                Locale.ROOT,
                "error of the outputs %.2f %%",
                100 * Math.sqrt(lostShare().orElse(0)));
    }
}
