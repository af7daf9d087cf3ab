package org.vitrail.verify;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * The agreement of a model's embeddings with those of the reference model.
 *
 * @param meanCosine cosine similarity of the two models' embeddings of an image, mean over the images; NaN without
 * reference
 * @param worstCosine the smallest of these similarities
 * @param neighbours number of images whose nearest neighbour among all of them was searched, by cosine similarity
 * @param sameNeighbour number of those with the same nearest neighbour in both models
 */
public record EmbeddingMetrics(
        int examples, int compared, double meanCosine, double worstCosine, int neighbours, int sameNeighbour)
        implements TaskMetrics {

    /** The share of images with the same nearest neighbour, or the mean similarity where that is less. */
    @Override
    public OptionalDouble agreement() {
        if (compared == 0) {
            return OptionalDouble.empty();
        }
        double cosine = Math.max(0, meanCosine);
        return OptionalDouble.of(
                sameNeighbours().isPresent() ? Math.min(sameNeighbours().getAsDouble(), cosine) : cosine);
    }

    @Override
    public OptionalDouble similarity() {
        return ofCompared(Math.max(0, meanCosine));
    }

    /** Returns the share of the images that have the same nearest neighbour in both models. */
    public OptionalDouble sameNeighbours() {
        return neighbours == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) sameNeighbour / neighbours);
    }

    /** {@code 1 − cosine}: half the squared distance of the two embeddings, scaled to length one. */
    @Override
    public OptionalDouble lostShare() {
        return compared == 0 ? OptionalDouble.empty() : OptionalDouble.of(1 - meanCosine);
    }

    @Override
    public List<MetricValue> figures() {
        return List.of(
                MetricValue.number("mean cosine", ofCompared(meanCosine)),
                MetricValue.number("worst cosine", ofCompared(worstCosine)),
                MetricValue.share("same neighbour", sameNeighbours()));
    }

    private OptionalDouble ofCompared(double value) {
        return compared == 0 ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    @Override
    public String found() {
        String cosines = String.format(
                Locale.ROOT,
                "the embeddings of %s have a cosine similarity of %.4f to the float model's (at worst %.4f)",
                TaskMetrics.heldBack(compared),
                meanCosine,
                worstCosine);
        return neighbours == 0
                ? cosines
                : cosines + ", and " + sameNeighbour + " of " + neighbours
                        + " have the same nearest neighbour among them";
    }

    @Override
    public String closeness() {
        return String.format(Locale.ROOT, "mean cosine %.4f", meanCosine);
    }
}
