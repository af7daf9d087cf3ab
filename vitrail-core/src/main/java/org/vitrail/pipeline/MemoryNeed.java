package org.vitrail.pipeline;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.vitrail.block.LinearLayer;
import org.vitrail.block.Recognition;
import org.vitrail.capture.Capture;
import org.vitrail.capture.Passes;
import org.vitrail.shape.Shapes;
import org.vitrail.tensor.VitrailException;

/**
 * Estimates the memory that quantizing a model takes, so that what cannot fit is refused before the run starts and the
 * number of threads is one that fits. No result depends on that number.
 *
 * @param heapBytes the part of the Java heap that does not depend on the threads
 * @param threadBytes the part of the Java heap that each thread takes
 * @param nativeBytes memory beside the heap: the engine's weights and intermediate values
 */
record MemoryNeed(long heapBytes, long threadBytes, long nativeBytes) {
    /** The heap that loaded classes, the graph and pictures take. */
    private static final long BASE_HEAP_BYTES = 64L << 20;

    private static final long BASE_NATIVE_BYTES = 300L << 20;

    /**
     * Bytes beside the heap for each weight: 4 of the float model's and 1 each of the quantized model's two sessions, which
     * verification holds together.
     */
    private static final int NATIVE_BYTES_PER_WEIGHT = 6;

    /** Bytes for each element of XᵀX while a layer is searched: a float32 copy and the float64 factor of its inverse. */
    private static final int SEARCH_BYTES_PER_GRAM_ELEMENT = 12;

    /** Float32 copies of a layer's weights while it is searched. */
    private static final int SEARCH_COPIES_OF_WEIGHTS = 8;

    /** Float32 copies of a layer's sampled inputs while it is searched. */
    private static final int SEARCH_COPIES_OF_INPUTS = 5;

    /** Share of the heap that the collector needs free to work well. */
    private static final double FREE_SHARE = 0.1;

    /**
     * The memory that a process may take.
     *
     * @param heapBytes largest size of the Java heap
     * @param machineBytes memory of the machine, or the limit of the container
     */
    record Limits(long heapBytes, long machineBytes) {
        static Limits ofThisProcess() {
            long machine = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class)
                    .getTotalMemorySize();
            return new Limits(Runtime.getRuntime().maxMemory(), machine);
        }
    }

    /**
     * Returns the estimate for a model.
     *
     * @param examples number of calibration examples
     * @param widths number of bit widths that are planned
     */
    static MemoryNeed of(Recognition recognition, int examples, int widths, QuantizationConfig config) {
        Shapes shapes = Shapes.infer(recognition.graph());
        int sampleRows = config.capture().sampleRows();
        long weights = 0;
        long search = 0;
        Map<String, Long> channels = new LinkedHashMap<>();
        for (LinearLayer layer : recognition.layers()) {
            long inputs = layer.inFeatures();
            long outputs = layer.outFeatures();
            weights += inputs * outputs;
            if (layer.isRowProduct()) {
                channels.put(layer.input(), inputs);
                search = Math.max(
                        search,
                        SEARCH_BYTES_PER_GRAM_ELEMENT * inputs * inputs
                                + Float.BYTES * SEARCH_COPIES_OF_WEIGHTS * inputs * outputs
                                + Float.BYTES * SEARCH_COPIES_OF_INPUTS * inputs * sampleRows);
            }
        }
        long grams = 0;
        long samples = 0;
        long values = 0;
        for (List<String> pass : Passes.split(
                List.copyOf(channels.keySet()),
                value -> Float.BYTES * channels.get(value) * (channels.get(value) + sampleRows),
                config.capture().passBytes())) {
            grams = Math.max(grams, sum(pass, value -> Float.BYTES * channels.get(value) * channels.get(value)));
            samples = Math.max(samples, sum(pass, value -> Float.BYTES * channels.get(value) * sampleRows));
            values = Math.max(values, sum(pass, value -> 2 * Passes.bytes(shapes, value)));
        }
        int sums = Capture.partialSums(examples);
        return new MemoryNeed(
                BASE_HEAP_BYTES + weights * widths + grams * sums + samples,
                Math.max(grams + values, search),
                BASE_NATIVE_BYTES + weights * NATIVE_BYTES_PER_WEIGHT);
    }

    private static long sum(List<String> values, ToLongFunction<String> bytes) {
        return values.stream().mapToLong(bytes).sum();
    }

    /** Returns the heap that a run on this many threads takes. */
    long heapBytes(int threads) {
        return heapBytes + threads * threadBytes;
    }

    /**
     * Returns the number of threads to run on: as many as wanted, or as fit into the heap.
     *
     * @param file what messages call the model
     * @throws VitrailException where a run on one thread does not fit, with what would help
     */
    int threads(String file, int wanted, Limits limits) {
        long least = heapBytes(1);
        if (least + nativeBytes > limits.machineBytes()) {
            throw new VitrailException(file + " needs about " + gigabytes(least + nativeBytes)
                    + " of memory to be quantized, and this machine or container has "
                    + gigabytes(limits.machineBytes())
                    + ": use one with more");
        }
        if (least > limits.heapBytes()) {
            throw new VitrailException(
                    file + " needs a Java heap of about " + gigabytes(least) + " to be quantized, and it may take "
                            + gigabytes(limits.heapBytes()) + ": give it more with VITRAIL_JAVA_OPTS=-Xmx"
                            + Math.ceilDiv((long) (least * (1 + FREE_SHARE)), 1L << 20) + "m");
        }
        double free = limits.heapBytes() * (1 - FREE_SHARE) - heapBytes;
        return Math.clamp((long) (free / Math.max(1, threadBytes)), 1, wanted);
    }

    private static String gigabytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f GB", (double) bytes / (1 << 30));
    }
}
