package org.vitrail.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vitrail.checkpoint.VisionTransformerConfig.Patches;
import org.vitrail.checkpoint.VisionTransformerConfig.Style;
import org.vitrail.graph.Graph;
import org.vitrail.graph.Weight;
import org.vitrail.tensor.VitrailException;

/** Tests checkpoints in folders and files, and their errors, on a model of 64 channels and one block. */
class CheckpointFilesTest {
    private static final VisionTransformerConfig MODEL = new VisionTransformerConfig(
            new Patches(16, 8, 3),
            64,
            1,
            1,
            32,
            5,
            EnumSet.of(
                    ArchitectureFeature.CLASS_TOKEN,
                    ArchitectureFeature.TOKEN_POSITIONS,
                    ArchitectureFeature.PATCH_BIAS,
                    ArchitectureFeature.QKV_BIAS,
                    ArchitectureFeature.FINAL_NORM),
            new Style(Pooling.CLASS_TOKEN, NormPlacement.BEFORE, ActivationFunction.GELU, 1e-6));

    @TempDir
    Path folder;

    static Map<String, Weight> weights() {
        Map<String, Weight> weights = new LinkedHashMap<>();
        RandomParameters random = new RandomParameters(3);
        MODEL.parameters()
                .forEach((name, shape) -> weights.put(
                        name, Weight.ofFloats(shape.stream().mapToInt(i -> i).toArray(), random.values(name, shape))));
        return weights;
    }

    private Path write(Map<String, Weight> weights) {
        return SafetensorsBytes.write(folder.resolve("model.safetensors"), weights);
    }

    private static ImportedModel read(Path path) {
        return CheckpointImport.read(path, ImportOptions.defaults());
    }

    private static AbstractThrowableAssert<?, ?> assertRefused(Path path) {
        return assertThatThrownBy(() -> read(path)).isInstanceOf(VitrailException.class);
    }

    @Test
    void derivesTheWholeModelFromNamesAndShapes() {
        Path file = write(weights());
        assertThat(read(file).model()).isEqualTo(MODEL);
        assertThat(read(folder).graph().weights()).isEqualTo(read(file).graph().weights());
        assertThat(read(file).graph().weights())
                .isEqualTo(CheckpointImport.random("model", MODEL, 3).graph().weights());
    }

    @Test
    void readsShardsThatAnIndexNames() throws IOException {
        Graph whole = read(write(weights())).graph();
        Files.delete(folder.resolve("model.safetensors"));
        Path index = writeShards("b.safetensors");
        assertThat(read(folder).graph().weights()).isEqualTo(whole.weights());
        assertThat(read(index).graph().weights()).isEqualTo(whole.weights());
    }

    /** Writes the head in one shard and the rest in another. */
    private Path writeShards(String headShard) throws IOException {
        Map<String, Weight> rest = weights();
        Map<String, Weight> head = new LinkedHashMap<>();
        for (String name : List.of("head.weight", "head.bias")) {
            head.put(name, rest.remove(name));
        }
        SafetensorsBytes.write(folder.resolve("a.safetensors"), rest);
        SafetensorsBytes.write(folder.resolve("b.safetensors"), head);
        StringBuilder map = new StringBuilder();
        rest.keySet().forEach(name -> map.append('"').append(name).append("\":\"a.safetensors\","));
        map.append("\"head.weight\":\"" + headShard + "\",\"head.bias\":\"" + headShard + "\"");
        return Files.writeString(folder.resolve("model.safetensors.index.json"), "{\"weight_map\":{" + map + "}}");
    }

    @Test
    void confinesShardsToTheFolderOfTheirIndex() throws IOException {
        for (String outside : List.of("../b.safetensors", "/tmp/b.safetensors", "sub/b.safetensors", "..")) {
            assertRefused(writeShards(outside)).hasMessageContaining("\"" + outside + "\"");
        }
        assertRefused(writeShards("c.safetensors")).hasMessageContaining("c.safetensors, which is missing");
        assertRefused(writeShards("a.safetensors")).hasMessageContaining("holds head.weight, which it does not");
    }

    @Test
    void refusesPicklesAndSaysHowToSaveSafetensors() throws IOException {
        Path bare = Files.write(folder.resolve("weights"), new byte[] {(byte) 0x80, 2, 'c', 'o', 's'});
        Path zipped = folder.resolve("archive");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(zipped))) {
            zip.putNextEntry(new ZipEntry("model/data.pkl"));
            zip.write(0x80);
        }
        Path named = Files.writeString(folder.resolve("pytorch_model.bin"), "whatever");
        for (Path pickle : List.of(bare, zipped, named, folder)) {
            assertRefused(pickle)
                    .hasMessageContaining("Python pickle")
                    .hasMessageContaining("save_file(torch.load(")
                    .hasMessageContaining("weights_only=True");
        }
        assertThat(CheckpointImport.recognises(zipped)).isTrue();
    }

    @Test
    void saysWhichFileIsMeantInAFolderOfSeveralOrNone() throws IOException {
        assertRefused(folder).hasMessageContaining("holds no safetensors file");
        SafetensorsBytes.write(folder.resolve("a.safetensors"), weights());
        assertThat(read(folder).model()).isEqualTo(MODEL);
        SafetensorsBytes.write(folder.resolve("b.safetensors"), weights());
        assertRefused(folder).hasMessageContaining("holds 2 safetensors files (a.safetensors, b.safetensors ...)");
        assertRefused(folder.resolve("c.safetensors")).hasMessageContaining("no such file or folder");
    }

    @Test
    void namesTheKeyThatIsMissingUnknownOrOfTheWrongShape() {
        Map<String, Weight> weights = weights();
        weights.remove("blocks.0.mlp.fc2.bias");
        assertRefused(write(weights)).hasMessageContaining("model.safetensors: blocks.0.mlp.fc2.bias is missing");

        weights = weights();
        weights.put("blocks.0.attn.rotary.frequencies", Weight.ofFloats(new int[] {1}, 1));
        assertRefused(write(weights))
                .hasMessageContaining("blocks.0.attn.rotary.frequencies does not belong")
                .hasMessageContaining("export the model to ONNX");

        weights = weights();
        weights.put("blocks.0.norm2.bias", Weight.ofFloats(new int[] {2}, 1, 2));
        assertRefused(write(weights))
                .hasMessageContaining("blocks.0.norm2.bias should have the shape [64], but has [2]");

        weights = weights();
        weights.put("pos_embed", Weight.ofFloats(new int[] {1, 7, 64}, new float[7 * 64]));
        assertRefused(write(weights)).hasMessageContaining("pos_embed has 7 positions");

        weights = weights();
        weights.remove("head.weight");
        assertRefused(write(weights)).hasMessageContaining("no classification head (head.weight)");

        assertRefused(write(Map.of("conv1.weight", Weight.scalar(1))))
                .hasMessageContaining("not those of a vision transformer")
                .hasMessageContaining("conv1.weight");
    }

    @Test
    void namesMissingPartsOfSeparateQueryKeyAndValue() {
        Map<String, Weight> weights = new LinkedHashMap<>();
        weights()
                .forEach((name, weight) -> weights.put(
                        name.startsWith("head") ? "classifier" + name.substring(4) : huggingFaceName(name), weight));
        for (String part : List.of("query", "value")) {
            String name = "vit.encoder.layer.0.attention.attention." + part;
            weights.put(name + ".weight", Weight.ofFloats(new int[] {64, 64}, new float[64 * 64]));
        }
        weights.keySet().removeIf(name -> name.contains("qkv"));
        assertRefused(write(weights))
                .hasMessageContaining("encoder.layer.0.attention.attention.key.weight is missing")
                .hasMessageContaining("behind \"vit.\"");
    }

    /** The same weights by Hugging Face's names of ViT. */
    static Map<String, Weight> huggingFaceWeights() {
        Map<String, Weight> weights = new LinkedHashMap<>();
        weights().forEach((name, weight) -> {
            if (name.contains("qkv")) {
                for (String part : List.of("query", "key", "value")) {
                    int[] shape = weight.shape();
                    shape[0] /= 3;
                    int count = weight.rank() == 1 ? shape[0] : shape[0] * shape[1];
                    weights.put(
                            "vit.encoder.layer.0.attention.attention." + part + name.substring(name.lastIndexOf('.')),
                            Weight.ofFloats(shape, new float[count]));
                }
            } else {
                weights.put(name.startsWith("head") ? "classifier" + name.substring(4) : huggingFaceName(name), weight);
            }
        });
        return weights;
    }

    private static String huggingFaceName(String name) {
        return "vit." + NamingScheme.HUGGING_FACE.theirs(name);
    }

    @Test
    void refusesWeightsThatAreNotFiniteOrNotFloatingPoint() {
        Map<String, Weight> weights = weights();
        float[] values = new float[64];
        values[5] = Float.NaN;
        weights.put("norm.bias", Weight.ofFloats(new int[] {64}, values));
        assertRefused(write(weights)).hasMessageContaining("norm.bias holds NaN at index 5");
        weights.put("norm.bias", Weight.ofLongs(new int[] {64}, new long[64]));
        assertRefused(write(weights)).hasMessageContaining("norm.bias should be floating point, but is INT64");
    }

    @Test
    void takesFromTheConfigurationWhatShapesDoNotShow() throws IOException {
        Path file = write(weights());
        Files.writeString(folder.resolve("config.json"), """
                {"num_attention_heads": 4, "layer_norm_eps": 1e-12, "hidden_act": "gelu_pytorch_tanh",
                 "id2label": {"0": "ant", "1": "bee", "2": "cat", "10": "x", "3": "dog", "4": "elk"}}""");
        assertRefused(file).hasMessageContaining("gives 6 class names, but none for class 5");
        Files.writeString(folder.resolve("config.json"), """
                {"num_attention_heads": 4, "layer_norm_eps": 1e-12, "hidden_act": "gelu_pytorch_tanh",
                 "id2label": {"4": "elk", "0": "ant", "1": "bee", "2": "cat", "3": "dog"}}""");
        ImportedModel imported = read(file);
        assertThat(plain(imported).heads()).isEqualTo(4);
        assertThat(plain(imported).style().epsilon()).isEqualTo(1e-12);
        assertThat(plain(imported).style().activation()).isEqualTo(ActivationFunction.GELU_TANH);
        assertThat(imported.classNames()).containsExactly("ant", "bee", "cat", "dog", "elk");
        assertThat(plain(CheckpointImport.read(file, ImportOptions.defaults().withHeads(2)))
                        .heads())
                .isEqualTo(2);
    }

    @Test
    void readsWhatTimmSaysInItsConfiguration() throws IOException {
        Path file = write(weights());
        String text = """
                {"architecture": "vit_base_patch8_clip_quickgelu_16", "num_classes": 5, "global_pool": "avg",
                 "model_args": {"num_heads": 8}, "pretrained_cfg": {"mean": [0.5, 0.5, 0.5]},
                 "label_names": ["ant", "bee", "cat", "dog", "elk"]}""";
        Files.writeString(folder.resolve("config.json"), text);
        ImportedModel imported = read(file);
        assertThat(plain(imported).heads()).isEqualTo(8);
        assertThat(plain(imported).style())
                .isEqualTo(new Style(Pooling.AVERAGE, NormPlacement.BEFORE, ActivationFunction.QUICK_GELU, 1e-6));
        assertThat(imported.classNames()).hasSize(5);
        assertThat(imported.config()).hasValue(text);
        assertThat(imported.preprocessorConfig()).isEmpty();
    }

    @Test
    void refusesAConfigurationThatCannotBe() throws IOException {
        Path file = write(weights());
        Map<String, String> wrong = new LinkedHashMap<>();
        wrong.put("{", "is not JSON");
        wrong.put("{\"num_attention_heads\": 0}", "must be a positive integer, got 0");
        wrong.put("{\"num_attention_heads\": 5}", "a width of 64 cannot be divided among 5 attention heads");
        wrong.put("{\"layer_norm_eps\": -1}", "epsilon must lie between 0 and 1, got -1.0");
        wrong.put("{\"hidden_act\": \"swish\"}", "the activation \"swish\" is not supported");
        wrong.put("{\"id2label\": {\"0\": \"ant\"}}", "names 1 classes, but its head has 5");
        for (Map.Entry<String, String> entry : wrong.entrySet()) {
            Files.writeString(folder.resolve("config.json"), entry.getKey());
            assertRefused(file).hasMessageContaining(folder.toString()).hasMessageContaining(entry.getValue());
        }
    }

    @Test
    void givesTheSameGraphEveryTime() {
        Path file = write(weights());
        assertThat(read(file).graph()).isEqualTo(read(file).graph());
        assertThat(Arrays.asList(
                        read(file).graph().inputNames(), read(file).graph().outputNames()))
                .containsExactly(List.of("pixel_values"), List.of("logits"));
    }

    private static VisionTransformerConfig plain(ImportedModel imported) {
        return (VisionTransformerConfig) imported.model();
    }
}
