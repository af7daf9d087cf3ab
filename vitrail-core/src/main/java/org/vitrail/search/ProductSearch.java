package org.vitrail.search;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.vitrail.capture.ProductSample;
import org.vitrail.quantizer.AffineQuantizer;
import org.vitrail.quantizer.BitWidth;
import org.vitrail.search.ProductOutputs.Judgement;
import org.vitrail.work.Parallel;

/**
 * Searches the quantizers of the two operands of an attention product, by alternation [P section 3.3]: fixes one,
 * chooses the other's clipping range, until nothing changes. For Q·Kᵀ it maximizes
 *
 * <pre>  (1/N) Σ_i Γ(O_i, Ô_i) − γ·L</pre>
 *
 * <p>with Γ the similarity of the outputs of image i and L the mean {@link RankingLoss} over pairs, rows, heads and
 * images; for P·V, and where there is no ranking loss, Γ alone. Images are evaluated in parallel and summed in their
 * order, so that the result does not depend on the number of threads.
 */
public final class ProductSearch {
    private final SearchConfig config;
    private final ProductSample sample;
    private final int threads;
    private final Optional<Ranking> ranking;
    private final List<ProductOutputs> images;

    /**
     * Computes the parts that the searches at all bit widths share.
     *
     * @throws IllegalArgumentException where the sample has no image
     */
    public ProductSearch(SearchConfig config, ProductSample sample, int threads) {
        if (sample.examples().isEmpty()) {
            throw new IllegalArgumentException("a search needs at least one image");
        }
        this.config = config;
        this.sample = sample;
        this.threads = threads;
        Optional<float[]> scales = config.attention().ranking().flatMap(wanted -> SoftmaxScale.measure(sample));
        this.ranking = scales.flatMap(found -> config.attention().ranking());
        double theta = ranking.map(Ranking::theta).orElse(0.0);
        this.images = Parallel.map(
                sample.examples().size(),
                threads,
                i -> new ProductOutputs(sample.examples().get(i), sample.heads(), scales, theta));
    }

    /** Returns the best quantizers that all heads share. */
    public ProductQuantizers perLayer(BitWidth bits) {
        return search(bits, 0, 1);
    }

    /** Returns the best quantizers of each head. */
    public ProductQuantizers perHead(BitWidth bits) {
        List<AffineQuantizer> left = new ArrayList<>();
        List<AffineQuantizer> right = new ArrayList<>();
        double score = 0;
        for (int head = 0; head < sample.heads(); head++) {
            ProductQuantizers found = search(bits, head, sample.heads());
            left.addAll(found.left());
            right.addAll(found.right());
            score += found.score() / sample.heads();
        }
        return new ProductQuantizers(left, right, ranking.isPresent(), score);
    }

    private ProductQuantizers search(BitWidth bits, int from, int stride) {
        ClippingRangeSearch ofLeft = new ClippingRangeSearch(
                clippingRange(sample.left(), from, stride),
                bits,
                config.activations().symmetry(),
                config.attentionCandidates());
        ClippingRangeSearch ofRight = new ClippingRangeSearch(
                clippingRange(sample.right(), from, stride),
                bits,
                config.activations().symmetry(),
                config.attentionCandidates());
        AlternatingSearch<AffineQuantizer, AffineQuantizer> found = new AlternatingSearch<>(
                        ofLeft.initial(), ofRight.initial())
                .run(
                        config.rounds(),
                        (right, moved) -> ofLeft.best(moved, left -> objective(left, right, from, stride)),
                        (left, moved) -> ofRight.best(moved, right -> objective(left, right, from, stride)));
        return new ProductQuantizers(
                List.of(found.first()),
                List.of(found.second()),
                ranking.isPresent(),
                objective(found.first(), found.second(), from, stride));
    }

    /** Returns the objective over the heads from, from + stride, … */
    double objective(AffineQuantizer left, AffineQuantizer right, int from, int stride) {
        List<Judgement> judgements =
                Parallel.map(images.size(), threads, i -> images.get(i).judge(left, right, from, stride));
        Judgement all = judgements.stream().reduce(new Judgement(Moments.NONE, 0, 0), Judgement::plus);
        double similarity = config.objective()
                .score(judgements.stream().map(Judgement::moments).toList());
        double loss = all.rows() > 0 ? all.loss() / all.rows() : 0;
        return similarity - ranking.map(Ranking::gamma).orElse(0.0) * loss;
    }

    private static ClippingRange clippingRange(ProductSample.Extremes extremes, int from, int stride) {
        double low = IntStream.iterate(from, head -> head < extremes.least().length, head -> head + stride)
                .mapToDouble(head -> extremes.least()[head])
                .min()
                .orElse(0);
        double high = IntStream.iterate(from, head -> head < extremes.most().length, head -> head + stride)
                .mapToDouble(head -> extremes.most()[head])
                .max()
                .orElse(0);
        return new ClippingRange(low, high);
    }
}
