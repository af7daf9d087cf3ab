package org.vitrail.search;

/**
 * The parameters of the ranking-aware objective [P eq. 10]: Γ − γ·L, with L the mean {@link RankingLoss} over pairs,
 * rows, heads and images.
 *
 * @param theta θ, the margin that a pair must keep, in units of the scores that enter softmax
 * @param gamma γ, the weight of the loss
 */
public record Ranking(double theta, double gamma) {
    /** The paper's parameters. */
    public static final Ranking PAPER = new Ranking(0.2, 0.1);

    public Ranking {
        if (!(theta >= 0 && gamma >= 0) || Double.isInfinite(theta) || Double.isInfinite(gamma)) {
            throw new IllegalArgumentException(
                    "a ranking loss needs a margin and a weight of zero or more, got " + theta + " and " + gamma);
        }
    }

    /** Both settings as one text, of a form that stays. */
    String describe() {
        return "Ranking[theta=" + theta + ", gamma=" + gamma + "]";
    }
}
