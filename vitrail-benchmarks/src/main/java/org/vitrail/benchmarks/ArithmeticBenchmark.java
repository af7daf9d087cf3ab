package org.vitrail.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.vitrail.linalg.LinearAlgebra;
import org.vitrail.quantizer.AffineQuantizer;
import org.vitrail.quantizer.BitWidth;

/**
 * Measures the arithmetic that takes most of the time of quantization, at the sizes of DeiT-Tiny's MLP, on one core.
 * JMH's ops/ns are GFLOP/s for matrix products (a multiplication and an addition count as two) and GB/s for passes over
 * arrays (bytes read and bytes written).
 *
 * <pre>vitrail-benchmarks/run jmh ArithmeticBenchmark</pre>
 *
 * <p>The upper bound of products is the rate of a core's fused multiply-adds in float32: clock × units × lanes × 2.
 * With two units this is 32 FLOP per clock with AVX2 (8 lanes) and 64 with AVX-512 (16 lanes), so 96 and 192 GFLOP/s at
 * 3 GHz; two logical cores of one physical core share it. {@link #largeGflops} shows what the library reaches on large
 * matrices. The upper bound of passes is {@link #copyGigabytes}, which moves the same bytes and computes nothing.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
public class ArithmeticBenchmark {
    private static final int ROWS = 1024;
    private static final int NARROW = 192;
    private static final int WIDE = 768;
    private static final int LARGE = 960;
    private static final int VALUES = 1 << 20;

    private final float[] narrowInput = RandomValues.of(ROWS * NARROW, 1);
    private final float[] wideInput = RandomValues.of(ROWS * WIDE, 2);
    private final float[] weights = RandomValues.of(NARROW * WIDE, 3);
    private final float[] narrowGram = RandomValues.of(NARROW * NARROW, 4);
    private final float[] wideGram = RandomValues.of(WIDE * WIDE, 5);
    private final float[] large = RandomValues.of(LARGE * LARGE, 6);
    private final float[] values = RandomValues.of(VALUES, 7);
    private final float[] out = new float[VALUES];
    private final AffineQuantizer quantizer = AffineQuantizer.ofRange(-3, 4, new BitWidth(8).unsigned());

    /** Computes the output of the expanding layer: evaluates one candidate of the input's clipping range. */
    @Benchmark
    @OperationsPerInvocation(2 * ROWS * NARROW * WIDE)
    public float[] expandGflops() {
        return LinearAlgebra.multiply(narrowInput, weights, ROWS, NARROW, WIDE);
    }

    /** Computes the output of the contracting layer. */
    @Benchmark
    @OperationsPerInvocation(2 * ROWS * WIDE * NARROW)
    public float[] contractGflops() {
        return LinearAlgebra.multiply(wideInput, weights, ROWS, WIDE, NARROW);
    }

    /**
     * Multiplies the Gram matrix by the weight error: evaluates one candidate of all weight scales of the expanding
     * layer.
     */
    @Benchmark
    @OperationsPerInvocation(2 * NARROW * NARROW * WIDE)
    public float[] expandCandidateGflops() {
        return LinearAlgebra.multiply(narrowGram, weights, NARROW, NARROW, WIDE);
    }

    /** Multiplies the Gram matrix by the weight error of the contracting layer. */
    @Benchmark
    @OperationsPerInvocation(2 * WIDE * WIDE * NARROW)
    public float[] contractCandidateGflops() {
        return LinearAlgebra.multiply(wideGram, weights, WIDE, WIDE, NARROW);
    }

    /** Computes the Gram matrix of an expanding layer's input. */
    @Benchmark
    @OperationsPerInvocation(2 * ROWS * NARROW * NARROW)
    public float[] expandGramGflops() {
        return LinearAlgebra.multiplyTransposed(narrowInput, narrowInput, ROWS, NARROW, NARROW);
    }

    /** Computes the Gram matrix of a contracting layer's input. */
    @Benchmark
    @OperationsPerInvocation(2 * ROWS * WIDE * WIDE)
    public float[] contractGramGflops() {
        return LinearAlgebra.multiplyTransposed(wideInput, wideInput, ROWS, WIDE, WIDE);
    }

    /** Computes a product large enough to come close to the upper bound. */
    @Benchmark
    @OperationsPerInvocation(2 * LARGE * LARGE * LARGE)
    public float[] largeGflops() {
        return LinearAlgebra.multiply(large, large, LARGE, LARGE, LARGE);
    }

    /** Applies fake quantization to a million activations. */
    @Benchmark
    @OperationsPerInvocation(2 * Float.BYTES * VALUES)
    public float[] quantizeGigabytes() {
        quantizer.apply(values, out, VALUES);
        return out;
    }

    /** Copies a million activations: the upper bound of every pass over them. */
    @Benchmark
    @OperationsPerInvocation(2 * Float.BYTES * VALUES)
    public float[] copyGigabytes() {
        System.arraycopy(values, 0, out, 0, VALUES);
        return out;
    }
}
