package org.vitrail.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vitrail.block.SyntheticTransformer;
import org.vitrail.engine.Engine;
import org.vitrail.engine.ExampleSource;
import org.vitrail.engine.RunContext;
import org.vitrail.graph.Graph;
import org.vitrail.onnx.OnnxFile;
import org.vitrail.task.TaskChoice;
import org.vitrail.tensor.Tensor;
import org.vitrail.testing.Fixture;
import org.vitrail.testing.SameOutputs;
import org.vitrail.testing.TestEngines;

/**
 * Every architecture of the shared data, and some that are nowhere, through the whole run by the defaults on random
 * inputs: a table, one row a file. Seconds are printed, not asserted.
 */
class QuantizedArchitecturesTest {
    private static final int CALIBRATION = 128;
    private static final int HELD_BACK = 4;

    /** ‖float − quantized‖ / ‖float‖ that is allowed. */
    private static final double CLASSES = 0.05;

    private static final double DETECTIONS = 0.15;

    /** Integer products as ONNX Runtime calls them once it has optimized a session. */
    private static final String INTEGER_PRODUCT = "MatMulIntegerToFloat";

    static Stream<Fixture> files() {
        return Stream.concat(Fixture.small().stream(), Fixture.compact().stream());
    }

    @ParameterizedTest
    @MethodSource("files")
    @Tag("shared")
    void runsInIntegersAndStaysCloseToFloat(Fixture fixture, @TempDir Path folder) throws OrtException {
        assertQuantizes(fixture, OnnxFile.read(fixture.model()), folder);
    }

    /** Put together from parts that no file above has; nothing in Vitrail knows of them. */
    static Stream<Fixture> unseen() {
        return Stream.of(
                unseen("rotary positions", SyntheticTransformer.rotary()),
                unseen("cosine attention", SyntheticTransformer.cosine()),
                unseen("reduced keys and values", SyntheticTransformer.reducedKeys()));
    }

    private static Fixture unseen(String name, Graph graph) {
        Tensor input = SameOutputs.gaussian(2, 3, 32, 32);
        try (Engine engine = TestEngines.open(graph)) {
            Map<String, Tensor> outputs = engine.run(Map.of(graph.inputNames().getFirst(), input));
            return new Fixture(name, Path.of(name), input, List.copyOf(outputs.values()));
        }
    }

    @ParameterizedTest
    @MethodSource("unseen")
    void quantizesWhatItHasNeverSeen(Fixture fixture, @TempDir Path folder) throws OrtException {
        Graph graph = switch (fixture.name()) {
            case "rotary positions" -> SyntheticTransformer.rotary();
            case "cosine attention" -> SyntheticTransformer.cosine();
            default -> SyntheticTransformer.reducedKeys();
        };
        assertQuantizes(fixture, graph, folder);
    }

    private static void assertQuantizes(Fixture fixture, Graph graph, Path folder) throws OrtException {
        long start = System.nanoTime();
        QuantizationResult quantized = Quantization.run(
                graph,
                fixture.name(),
                TaskChoice.find(graph).task(),
                random(fixture, graph, CALIBRATION, 1),
                random(fixture, graph, HELD_BACK, 2),
                QuantizationConfig.defaults(),
                RunContext.of(TestEngines.PROVIDER));
        double seconds = (System.nanoTime() - start) / 1e9;
        List<Double> errors = errors(fixture, quantized.graph());
        int layers = quantized.plan().layers().size();
        System.out.printf(
                Locale.ROOT,
                "%-36s %3d layers, %5.1f %% in integers, error %s, %4.1f s%n",
                fixture.name(),
                layers,
                100 * quantized.integerShare().orElseThrow(),
                errors.stream()
                        .map(error -> String.format(Locale.ROOT, "%.4f", error))
                        .toList(),
                seconds);

        assertThat(quantized.integerShare().orElseThrow()).isGreaterThanOrEqualTo(0.9);
        assertThat(integerProducts(quantized.graph(), folder)).isEqualTo(layers);
        double allowed = fixture.outputs().size() > 1 ? DETECTIONS : CLASSES;
        assertThat(errors).allMatch(error -> error <= allowed, "at most " + allowed);
        assertThat(quantized.verification().proof().holds()).isTrue();
        assertThat(quantized.verification().deployment().largestDifference()).isZero();
        assertThat(quantized.floatLayers()).isEmpty();
    }

    /** How many integer products there are in the graph that ONNX Runtime makes of this one. */
    private static long integerProducts(Graph graph, Path folder) throws OrtException {
        Path optimized = folder.resolve("optimized.onnx");
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.EXTENDED_OPT);
            options.setOptimizedModelFilePath(optimized.toString());
            OrtEnvironment.getEnvironment()
                    .createSession(OnnxFile.bytes(graph), options)
                    .close();
        }
        return OnnxFile.read(optimized).nodes().stream()
                .filter(node -> node.op().equals(INTEGER_PRODUCT))
                .count();
    }

    private static ExampleSource random(Fixture fixture, Graph graph, int count, long seed) {
        String name = graph.inputNames().getFirst();
        int[] shape = fixture.input().shape();
        shape[0] = 1;
        return new ExampleSource() {
            @Override
            public int size() {
                return count;
            }

            @Override
            public Map<String, Tensor> get(int index) {
                SplittableRandom random = new SplittableRandom(1000 * seed + index);
                float[] values = new float[(int) Tensor.size(shape)];
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) random.nextGaussian();
                }
                return Map.of(name, Tensor.of(shape, values));
            }
        };
    }

    private static List<Double> errors(Fixture fixture, Graph quantized) {
        List<Double> errors = new ArrayList<>();
        try (Engine engine = TestEngines.open(quantized)) {
            List<Tensor> outputs =
                    List.copyOf(engine.run(Map.of(quantized.inputNames().getFirst(), fixture.input()))
                            .values());
            for (int i = 0; i < outputs.size(); i++) {
                errors.add(
                        error(outputs.get(i).values(), fixture.outputs().get(i).values()));
            }
        }
        return errors;
    }

    private static double error(float[] got, float[] wanted) {
        double noise = 0;
        double signal = 0;
        for (int i = 0; i < wanted.length; i++) {
            noise += Math.pow(got[i] - wanted[i], 2);
            signal += Math.pow(wanted[i], 2);
        }
        return Math.sqrt(noise / signal);
    }
}
