package org.vitrail.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.vitrail.engine.Engine;
import org.vitrail.engine.EngineOptions;
import org.vitrail.engine.Engines;
import org.vitrail.onnx.OnnxFile;
import org.vitrail.report.TextTable;
import org.vitrail.report.TextTable.Column;
import org.vitrail.report.Units;
import org.vitrail.tensor.Tensor;
import org.vitrail.tensor.VitrailException;
import org.vitrail.verify.CpuInfo;
import org.vitrail.verify.CpuInfo.Instructions;
import org.vitrail.verify.DummyInputs;
import org.vitrail.verify.FiveNumberSummary;
import org.vitrail.verify.Latency;
import org.vitrail.verify.LatencyMeasurement;
import org.vitrail.work.Progress;

/**
 * Measures the speedup of quantized models over the float model: ONNX Runtime, batch of one, one thread, in interleaved
 * rounds; prints the ratios with their spread. The target is that of the exported DeiT-Tiny; the exit code is 1 if a
 * model misses it.
 *
 * <pre>vitrail-benchmarks/run LatencyBenchmark FLOAT.onnx QUANTIZED.onnx...</pre>
 *
 * <p>The speedup is bounded by the share of time spent in products with weights: int8 with VNNI does four times as many
 * multiplications per instruction as float32, all other operators (attention products, softmax, GELU, LayerNorm) stay
 * as they are, and the conversions are added.
 */
public final class LatencyBenchmark {
    private static final LatencyMeasurement.Settings SETTINGS = LatencyMeasurement.Settings.defaults();

    private LatencyBenchmark() {}

    public static void main(String[] arguments) {
        System.exit(Targets.run(LatencyBenchmark::measure, System.out, System.err, arguments));
    }

    /** The target speedup of DeiT-Tiny over float; empty for processors without a target. */
    static OptionalDouble target(CpuInfo cpu) {
        if (cpu.has(Instructions.VNNI)) {
            return OptionalDouble.of(1.55);
        }
        return cpu.has(Instructions.AVX2) ? OptionalDouble.of(1.15) : OptionalDouble.empty();
    }

    private static void measure(List<String> files, Targets targets) {
        if (files.size() < 2) {
            throw new VitrailException("expected FLOAT.onnx QUANTIZED.onnx..., got " + files);
        }
        CpuInfo cpu = CpuInfo.detect();
        targets.say(cpu.describe() + "; batch 1, 1 thread, " + SETTINGS.rounds() + " interleaved rounds of "
                + SETTINGS.runs() + " runs");
        LatencyMeasurement speed = speed(files.stream().map(Path::of).toList());
        print(files, speed, targets);
        OptionalDouble target = target(cpu);
        if (target.isEmpty()) {
            targets.say("no target is set for this processor");
            return;
        }
        for (int i = 1; i < files.size(); i++) {
            double speedup = speed.speedup(i, 0).median();
            targets.atLeast(name(files.get(i)) + " faster than float", target.getAsDouble(), speedup, Units::ratio);
        }
    }

    private static LatencyMeasurement speed(List<Path> files) {
        List<Engine> engines = new ArrayList<>();
        try {
            List<Runnable> models = new ArrayList<>();
            for (Path file : files) {
                Map<String, Tensor> inputs = DummyInputs.of(OnnxFile.read(file), 1);
                Engine engine = Engines.preferred().open(file, EngineOptions.defaults());
                engines.add(engine);
                models.add(() -> engine.run(inputs));
            }
            return LatencyMeasurement.measure(models, SETTINGS, Progress.none());
        } finally {
            engines.forEach(Engine::close);
        }
    }

    private static void print(List<String> files, LatencyMeasurement speed, Targets targets) {
        TextTable table = new TextTable(
                Column.left("Model"),
                Column.right("median"),
                Column.right("90 %"),
                Column.right("faster than float"),
                Column.right("half of the rounds"),
                Column.right("all rounds"));
        for (int i = 0; i < files.size(); i++) {
            Latency latency = speed.latency(i);
            FiveNumberSummary ratio = speed.speedup(i, 0);
            table.row(
                    name(files.get(i)),
                    Units.millis(latency.p50Millis()),
                    Units.millis(latency.p90Millis()),
                    Units.ratio(ratio.median()),
                    Units.digits(ratio.lowerQuartile()) + " – " + Units.digits(ratio.upperQuartile()),
                    Units.digits(ratio.min()) + " – " + Units.digits(ratio.max()));
        }
        table.lines().forEach(targets::say);
    }

    private static String name(String file) {
        return Path.of(file).getFileName().toString();
    }
}
