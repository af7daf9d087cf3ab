package org.vitrail.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.vitrail.capture.ActivationStatistics;
import org.vitrail.capture.TokenWeights;
import org.vitrail.compensate.GptqRounding;
import org.vitrail.quantizer.BitWidth;
import org.vitrail.quantizer.QuantizedWeight;
import org.vitrail.quantizer.RoundToNearest;
import org.vitrail.search.LayerQuantizers;
import org.vitrail.search.LayerSearch;
import org.vitrail.search.SearchConfig;
import org.vitrail.tensor.Tensor;

/**
 * Measures the search of one linear layer of DeiT-Tiny's size after its input was observed, in milliseconds on one
 * core. Each of the twelve blocks has an expanding and a contracting layer, and as much again in attention.
 *
 * <pre>vitrail-benchmarks/run jmh LayerSearchBenchmark
 * vitrail-benchmarks/run jmh LayerSearchBenchmark.search -p layer=EXPAND -p rows=1024</pre>
 *
 * <p>The search consists of matrix products and passes over them; {@link ArithmeticBenchmark} measures the speed of
 * both.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
public class LayerSearchBenchmark {
    private static final BitWidth BITS = new BitWidth(8);

    /** The layers of an MLP of 192 channels. */
    public enum Layer {
        EXPAND(192, 768),
        CONTRACT(768, 192);

        private final int inputs;
        private final int outputs;

        Layer(int inputs, int outputs) {
            this.inputs = inputs;
            this.outputs = outputs;
        }
    }

    @Param
    public Layer layer;

    /** Rows of the input that the search uses: as many as calibration keeps. */
    @Param("1024")
    public int rows;

    private ActivationStatistics statistics;
    private float[] weights;
    private float[] scales;
    private QuantizedWeight nearest;

    @Setup
    public void draw() {
        Tensor input = Tensor.of(new int[] {rows, layer.inputs}, RandomValues.of(rows * layer.inputs, 1));
        statistics = ActivationStatistics.of(0, input, layer.inputs, rows, TokenWeights.EVEN, new SplittableRandom(2));
        weights = RandomValues.of(layer.inputs * layer.outputs, 3);
        scales = new float[layer.outputs];
        Arrays.fill(scales, 4f / BITS.symmetric().highest());
        nearest = nearestRounding();
    }

    /** Runs the whole search: the input's clipping range and a scale for each output channel, by least output error. */
    @Benchmark
    public LayerQuantizers search() {
        return new LayerSearch(SearchConfig.defaults(), BITS, BITS, statistics, List.of(weights), List.of()).run();
    }

    /** Rounds every weight to its nearest saturation-free code. */
    @Benchmark
    public QuantizedWeight nearestRounding() {
        return RoundToNearest.nearestSafe(weights, layer.inputs, layer.outputs, scales, BITS);
    }

    /** Rounds with GPTQ: the error of each weight is compensated in the weights after it. */
    @Benchmark
    public QuantizedWeight compensatedRounding() {
        return new GptqRounding(statistics.gram(), layer.inputs, statistics.rows()).round(weights, nearest);
    }
}
