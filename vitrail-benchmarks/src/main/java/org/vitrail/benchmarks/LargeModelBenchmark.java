package org.vitrail.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.vitrail.Model;
import org.vitrail.RunningModel;
import org.vitrail.checkpoint.ActivationFunction;
import org.vitrail.checkpoint.ArchitectureFeature;
import org.vitrail.checkpoint.CheckpointImport;
import org.vitrail.checkpoint.NormPlacement;
import org.vitrail.checkpoint.Pooling;
import org.vitrail.checkpoint.VisionTransformerConfig;
import org.vitrail.engine.EngineOptions;
import org.vitrail.graph.Attribute;
import org.vitrail.graph.DataType;
import org.vitrail.graph.Graph;
import org.vitrail.graph.Node;
import org.vitrail.graph.ScratchFile;
import org.vitrail.graph.Weight;
import org.vitrail.image.ImageSource;
import org.vitrail.image.SyntheticImages;
import org.vitrail.onnx.OnnxFile;
import org.vitrail.pipeline.Preset;
import org.vitrail.pipeline.QuantizationConfig;
import org.vitrail.quantize.Comparison;
import org.vitrail.quantize.QuantizedModel;
import org.vitrail.quantize.Vitrail;
import org.vitrail.report.Units;
import org.vitrail.tensor.VitrailException;
import org.vitrail.verify.PeakMemory;
import org.vitrail.work.Progress;

/**
 * Runs all stages on a model beyond the 2 GB limit of a protobuf file: blocks as wide as ViT-giant's with random
 * weights are written with external data, opened, quantized on a few drawn images, written, and run. Prints time and
 * peak memory after each step; memory-mapped files count as memory while they are in use.
 *
 * <pre>VITRAIL_JAVA_OPTS=-Xmx4g vitrail-benchmarks/run LargeModelBenchmark FOLDER [BLOCKS [half]]</pre>
 *
 * <p>24 blocks take 2.5 GB in float32, and {@code half} writes weights as float16 with a Cast behind each. FOLDER and
 * the temporary folder need space for each of the files; written files are not deleted.
 */
public final class LargeModelBenchmark {
    private static final int BLOCKS = 24;
    private static final int IMAGES = 4;
    private static final int IMAGE_SIZE = 112;

    private final long start = System.nanoTime();

    private LargeModelBenchmark() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length < 1) {
            throw new VitrailException("expected FOLDER [BLOCKS [half]]");
        }
        int blocks = arguments.length > 1 ? Integer.parseInt(arguments[1]) : BLOCKS;
        boolean half = arguments.length > 2 && arguments[2].equals("half");
        new LargeModelBenchmark().run(Files.createDirectories(Path.of(arguments[0])), blocks, half);
    }

    private void run(Path folder, int blocks, boolean half) {
        Path file = folder.resolve("large.onnx");
        Graph graph = CheckpointImport.random("large", giant(blocks), 1).graph();
        OnnxFile.write(half ? inHalf(graph) : graph, file);
        say("wrote " + Units.bytes(Comparison.bytes(file)));

        Model model = Model.open(file);
        ImageSource images = SyntheticImages.of(2 * IMAGES, 0);
        QuantizationConfig config = QuantizationConfig.defaults().withMethod(Preset.MINMAX.method());
        QuantizedModel quantized = Vitrail.quantize(
                model, images, IMAGES, config.withCapture(config.capture().withThreads(2)), Progress.none());
        say("quantized: " + quantized.details().verification().verdict().sentence());

        Path result = folder.resolve("large-int8.onnx");
        quantized.write(result);
        say("wrote " + Units.bytes(Comparison.bytes(result)));

        float[] logits = logits(Model.open(result), images);
        say("ran the result; distance to the float model " + distance(logits, logits(model, images)));
    }

    private static VisionTransformerConfig giant(int blocks) {
        return new VisionTransformerConfig(
                new VisionTransformerConfig.Patches(IMAGE_SIZE, 14, 3),
                1408,
                blocks,
                16,
                6144,
                1000,
                EnumSet.of(
                        ArchitectureFeature.CLASS_TOKEN,
                        ArchitectureFeature.TOKEN_POSITIONS,
                        ArchitectureFeature.PATCH_BIAS,
                        ArchitectureFeature.QKV_BIAS,
                        ArchitectureFeature.FINAL_NORM),
                new VisionTransformerConfig.Style(
                        Pooling.CLASS_TOKEN, NormPlacement.BEFORE, ActivationFunction.GELU, 1e-6));
    }

    private static Graph inHalf(Graph graph) {
        Map<String, Weight> weights = new LinkedHashMap<>();
        List<Node> nodes = new ArrayList<>();
        graph.weights().forEach((name, weight) -> {
            boolean halved = weight.type() == DataType.FLOAT;
            weights.put(halved ? name + "_half" : name, halved ? half(weight) : weight);
            if (halved) {
                Map<String, Attribute> to = Map.of("to", Attribute.of(DataType.FLOAT.onnx()));
                nodes.add(Node.of("Cast", List.of(name + "_half"), List.of(name), to));
            }
        });
        nodes.addAll(graph.nodes());
        return graph.withWeights(weights).withNodes(nodes);
    }

    private static Weight half(Weight weight) {
        float[] values = weight.toFloats();
        ByteBuffer bytes = ByteBuffer.allocate(2 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            bytes.putShort(Float.floatToFloat16(value));
        }
        return ScratchFile.kept(Weight.of(DataType.FLOAT16, weight.shape(), bytes.flip()));
    }

    private static float[] logits(Model model, ImageSource images) {
        try (RunningModel running = model.start(EngineOptions.defaults().withThreads(2))) {
            return running.logits(images.image(IMAGES));
        }
    }

    /** Returns ‖a − b‖ / ‖b‖. */
    private static double distance(float[] a, float[] b) {
        double error = 0;
        double size = 0;
        for (int i = 0; i < a.length; i++) {
            error += Math.pow((double) a[i] - b[i], 2);
            size += (double) b[i] * b[i];
        }
        return Math.sqrt(error / size);
    }

    private void say(String what) {
        System.out.println(what + "  [" + Units.duration((System.nanoTime() - start) / 1e9)
                + PeakMemory.ofThisProcess().stream()
                        .mapToObj(bytes -> ", peak memory " + Units.bytes(bytes))
                        .findFirst()
                        .orElse("")
                + "]");
    }
}
