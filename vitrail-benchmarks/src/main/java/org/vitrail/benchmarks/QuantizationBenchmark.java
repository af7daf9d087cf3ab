package org.vitrail.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.vitrail.Model;
import org.vitrail.image.ImageFolder;
import org.vitrail.image.ImageSource;
import org.vitrail.image.SyntheticImages;
import org.vitrail.pipeline.QuantizationConfig;
import org.vitrail.quantize.QuantizedModel;
import org.vitrail.quantize.Vitrail;
import org.vitrail.report.Units;
import org.vitrail.tensor.VitrailException;
import org.vitrail.verify.CpuInfo;
import org.vitrail.verify.PeakMemory;

/**
 * Measures time, heap and memory of quantizing a model on two threads with the default settings. The targets are
 * DeiT-Tiny's: 60 s with 128 images, a heap of 1 GB, and memory no higher with 1000 images than with 100. The exit code
 * is 1 if one is missed.
 *
 * <pre>vitrail-benchmarks/run QuantizationBenchmark MODEL IMAGES              128 images
 * vitrail-benchmarks/run QuantizationBenchmark MODEL IMAGES 100 1000     memory with few and with many</pre>
 *
 * <p>IMAGES is a folder, or {@code synthetic} for drawn images. Time is measured from the open model to the verified
 * result; if other programs use the processor, the processor time divided by the two cores is the time without them. A
 * garbage collection runs at the beginning and end of each stage; it counts into the time and keeps the JVM from taking
 * memory that it does not need. Peak memory is the highest resident set size of the process so far, so counts must be
 * given from small to large; the smaller one should fill the sample of rows that calibration keeps (1024 tokens).
 */
public final class QuantizationBenchmark {
    private static final int CORES = 2;
    private static final int DEFAULT_IMAGES = 128;
    private static final double MAX_SECONDS = 60;
    private static final double MAX_HEAP_BYTES = 1e9;

    /**
     * The largest ratio of two memory sizes that count as equal, because the JVM's own memory varies from run to run.
     */
    private static final double MAX_MEMORY_RATIO = 1.1;

    private QuantizationBenchmark() {}

    public static void main(String[] arguments) {
        System.exit(Targets.run(QuantizationBenchmark::measure, System.out, System.err, arguments));
    }

    /** The measurements of one quantization. */
    private record Run(int images, double seconds, double processorSeconds, long liveHeap, OptionalLong memory) {
        String describe() {
            return Units.plural(images, "image") + ": " + Units.duration(seconds) + " (processor "
                    + Units.duration(processorSeconds) + "), live heap " + Units.bytes(liveHeap)
                    + (memory.isPresent() ? ", peak memory " + Units.bytes(memory.getAsLong()) : "");
        }
    }

    private static void measure(List<String> arguments, Targets targets) {
        if (arguments.size() < 2) {
            throw new VitrailException("expected MODEL IMAGES [COUNT...], got " + arguments);
        }
        Model model = Model.open(Path.of(arguments.get(0)));
        List<Integer> counts = arguments.size() == 2
                ? List.of(DEFAULT_IMAGES)
                : arguments.stream().skip(2).map(QuantizationBenchmark::count).toList();
        ImageSource images = images(arguments.get(1), counts);
        targets.say(CpuInfo.detect().describe() + "; " + CORES + " threads");
        List<Run> runs = new ArrayList<>();
        for (int count : counts) {
            runs.add(run(model, images, count));
            targets.say(runs.getLast().describe());
        }
        judge(runs, targets);
    }

    private static int count(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new VitrailException("expected a number of images, got " + text, e);
        }
    }

    private static ImageSource images(String name, List<Integer> counts) {
        int most = counts.stream().mapToInt(Integer::intValue).max().orElseThrow();
        return name.equals("synthetic")
                ? SyntheticImages.of(most + Vitrail.VERIFICATION_IMAGES, 0)
                : ImageFolder.open(Path.of(name));
    }

    private static Run run(Model model, ImageSource images, int count) {
        QuantizationConfig config = QuantizationConfig.defaults();
        QuantizationConfig onCores = config.withCapture(config.capture().withThreads(CORES));
        LiveHeap heap = new LiveHeap();
        double processor = processorSeconds();
        long start = System.nanoTime();
        QuantizedModel quantized = Vitrail.quantize(model, images, count, onCores, heap);
        double seconds = (System.nanoTime() - start) / 1e9;
        return new Run(
                quantized.calibrationImages(),
                seconds,
                processorSeconds() - processor,
                heap.peakBytes(),
                PeakMemory.ofThisProcess());
    }

    private static double processorSeconds() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime() / 1e9;
    }

    private static void judge(List<Run> runs, Targets targets) {
        targets.atMost(
                "limit of the heap",
                MAX_HEAP_BYTES,
                (double) Runtime.getRuntime().maxMemory(),
                bytes -> Units.bytes((long) bytes));
        runs.stream()
                .filter(run -> run.images() <= DEFAULT_IMAGES)
                .forEach(run -> targets.atMost(
                        "time with " + Units.plural(run.images(), "image"),
                        MAX_SECONDS,
                        run.seconds(),
                        Units::duration));
        Run first = runs.getFirst();
        runs.stream().skip(1).forEach(run -> {
            String more = " with " + run.images() + " images against " + first.images();
            targets.atMost(
                    "live heap" + more, MAX_MEMORY_RATIO, (double) run.liveHeap() / first.liveHeap(), Units::ratio);
            if (first.memory().isPresent() && run.memory().isPresent()) {
                double ratio =
                        (double) run.memory().getAsLong() / first.memory().getAsLong();
                targets.atMost("peak memory" + more, MAX_MEMORY_RATIO, ratio, Units::ratio);
            }
        });
    }
}
