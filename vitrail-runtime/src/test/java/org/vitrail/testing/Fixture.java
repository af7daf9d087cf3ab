package org.vitrail.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.vitrail.tensor.Tensor;

/**
 * A real model file with an input and the outputs that it must give.
 *
 * @param outputs in the order of the model's own outputs
 */
public record Fixture(String name, Path model, Tensor input, List<Tensor> outputs) {
    /** The small architectures of the shared data, each by both exporters. */
    public static List<Fixture> small() {
        List<Fixture> fixtures = new ArrayList<>();
        for (Path folder : list(Shared.path("models/onnx/small"))) {
            for (String exporter : List.of("torchscript", "dynamo")) {
                Path model = folder.resolve(exporter + ".onnx");
                if (Files.exists(model)) {
                    fixtures.add(inFolder(folder, model));
                }
            }
        }
        return fixtures;
    }

    /** Compact convolutional transformers, the first of opset 20, the others of opset 12; outputs to four decimals. */
    public static List<Fixture> compact() {
        return Stream.of("CCT_2_32_32_128_Opset20", "CCT_1_16_16_8", "CCT_1_32_32_32")
                .map(name -> {
                    Path folder = Shared.path("models/cct-onnx").resolve(name);
                    return new Fixture(
                            name,
                            folder.resolve("network.onnx"),
                            npz(folder.resolve("inputs.npz")),
                            List.of(npz(folder.resolve("outputs.npz"))));
                })
                .toList();
    }

    /** The models with real weights: four images and their logits. */
    public static List<Fixture> real() {
        return List.of(
                real("deit-tiny-in1k.timm.torchscript.onnx", "deit-tiny-in1k"),
                real("deit-tiny-in1k.hf.dynamo/model.onnx", "deit-tiny-in1k"),
                real("vit-tiny-in1k.timm.dynamo.onnx", "vit-tiny-in1k"));
    }

    public static List<Fixture> all() {
        return Stream.of(small(), compact(), real()).flatMap(List::stream).toList();
    }

    @Override
    public String toString() {
        return name;
    }

    private static Fixture real(String model, String weights) {
        Path folder = Shared.path("models").resolve(weights);
        Tensor images =
                Tensor.of(new int[] {4, 3, 224, 224}, Shared.floats(folder.resolve("ref_input_4x3x224x224.f32")));
        Tensor logits = Tensor.of(new int[] {4, 1000}, Shared.floats(folder.resolve("ref_logits_4x1000.f32")));
        return new Fixture(model, Shared.path("models/onnx").resolve(model), images, List.of(logits));
    }

    private static Fixture inFolder(Path folder, Path model) {
        Tensor input = null;
        List<Tensor> outputs = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(folder.resolve("shapes.txt"))) {
                String[] words = line.split(" ", -1);
                int[] shape = Arrays.stream(words[1].split("x", -1))
                        .mapToInt(Integer::parseInt)
                        .toArray();
                Tensor tensor = Tensor.of(shape, Shared.floats(folder.resolve(words[0] + ".f32")));
                if (words[0].equals("input")) {
                    input = tensor;
                } else {
                    outputs.add(tensor);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Fixture(folder.getFileName() + "/" + model.getFileName(), model, input, outputs);
    }

    /** The first array of a NumPy archive of float32 or float64 arrays. */
    private static Tensor npz(Path file) {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            ZipEntry entry = zip.entries().nextElement();
            try (InputStream in = zip.getInputStream(entry)) {
                ByteBuffer bytes = ByteBuffer.wrap(in.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
                int headerEnd = 10 + bytes.getShort(8);
                String header = new String(bytes.array(), 10, headerEnd - 10, StandardCharsets.US_ASCII);
                Matcher shape = Pattern.compile("\\(([0-9, ]*)\\)").matcher(header);
                if (!shape.find()) {
                    throw new IllegalStateException("no shape in " + header);
                }
                int[] extents = Arrays.stream(shape.group(1).split(",", -1))
                        .map(String::strip)
                        .filter(text -> !text.isEmpty())
                        .mapToInt(Integer::parseInt)
                        .toArray();
                boolean wide = header.contains("<f8");
                float[] values = new float[(int) Tensor.size(extents)];
                bytes.position(headerEnd);
                for (int i = 0; i < values.length; i++) {
                    values[i] = wide ? (float) bytes.getDouble() : bytes.getFloat();
                }
                return Tensor.of(extents, values);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> list(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
