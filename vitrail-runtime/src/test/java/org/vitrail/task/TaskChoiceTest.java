package org.vitrail.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vitrail.graph.DataType;
import org.vitrail.graph.Dim;
import org.vitrail.graph.Graph;
import org.vitrail.graph.ValueInfo;
import org.vitrail.onnx.OnnxFile;
import org.vitrail.task.Task.Kind;
import org.vitrail.tensor.VitrailException;
import org.vitrail.testing.Graphs;
import org.vitrail.testing.Shared;

class TaskChoiceTest {
    /** Outputs as exporters write them; B, Q, T stand for unknown extents. */
    @ParameterizedTest
    @CsvSource({
        "logits B 1000, 'Classification[scores=logits, form=logits]'",
        "logits B 1000; hidden_states B T 192, 'Classification[scores=logits, form=logits]'",
        "output B 10, 'Classification[scores=output, form=logits]'",
        "logits B Q 92; pred_boxes B Q 4; last_hidden_state B Q 256; encoder_last_hidden_state B T 256,"
                + " 'ObjectDetection[scores=logits, boxes=pred_boxes]'",
        "logits B Q 4; pred_boxes B Q 4, 'ObjectDetection[scores=logits, boxes=pred_boxes]'",
        "image_embeds B 512; last_hidden_state B T 768, Embedding[vector=image_embeds]",
        "last_hidden_state B T 768; pooler_output B 768, Embedding[vector=pooler_output]",
        "last_hidden_state B T 768, Embedding[vector=last_hidden_state]",
        "output B 17 48, Embedding[vector=output]",
        "logits B 150 128 128, Dense[scores=logits]",
        "predicted_depth B 1 64 64, Dense[scores=predicted_depth]"
    })
    void findsTheTaskFromTheOutputs(String outputs, String task) {
        TaskChoice choice = TaskChoice.find(graph(outputs));

        assertThat(choice.task()).hasToString(task);
        assertThat(choice.describe()).contains(choice.task().outputs().getFirst());
    }

    @Test
    @Tag("shared")
    void findsTheTaskOfRealModels() {
        assertThat(find("hf-detr/torchscript")).isEqualTo(new Task.ObjectDetection("logits", "boxes"));
        assertThat(find("hf-yolos/dynamo")).isEqualTo(new Task.ObjectDetection("logits", "boxes"));
        assertThat(find("hf-dinov2-swiglu/torchscript")).isEqualTo(new Task.Embedding("output"));
        assertThat(find("timm-swin/dynamo")).isEqualTo(new Task.Classification("output"));
    }

    private static Task find(String model) {
        return TaskChoice.find(OnnxFile.read(Shared.path("models/onnx/small/" + model + ".onnx")))
                .task();
    }

    @Test
    void takesTheTaskThatIsStatedWhereTheOutputsFit() {
        assertThat(TaskChoice.of(graph("output B 32"), Kind.EMBEDDING, "the caller"))
                .isEqualTo(new TaskChoice(new Task.Embedding("output"), "the caller"));
        assertThat(TaskChoice.of(graph("output B 16 32"), Kind.DENSE, "the caller")
                        .task())
                .isEqualTo(new Task.Dense("output"));
        assertThatThrownBy(() -> TaskChoice.of(graph("output B 32"), Kind.DETECTION, "the caller"))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("boxes (batch, queries, 4), but the model small has output (B, 32)");
    }

    @ParameterizedTest
    @CsvSource({
        "DetrForObjectDetection, DETECTION",
        "YolosForObjectDetection, DETECTION",
        "ViTForImageClassification, CLASSIFICATION",
        "DeiTForImageClassificationWithTeacher, CLASSIFICATION",
        "CLIPVisionModelWithProjection, EMBEDDING",
        "Dinov2Model, EMBEDDING",
        "SegformerForSemanticSegmentation, DENSE"
    })
    void knowsTheArchitecturesOfHuggingFace(String name, Kind kind) {
        assertThat(Kind.ofArchitecture(name)).contains(kind);
        assertThat(Kind.ofArchitecture("BertForMaskedLM")).isEmpty();
    }

    private static Graph graph(String outputs) {
        List<ValueInfo> infos = new ArrayList<>();
        for (String output : outputs.split("; ", -1)) {
            String[] words = output.split(" ", -1);
            infos.add(ValueInfo.of(
                    words[0],
                    DataType.FLOAT,
                    Arrays.stream(words)
                            .skip(1)
                            .map(extent ->
                                    extent.matches("[0-9]+") ? Dim.of(Long.parseLong(extent)) : new Dim.Symbol(extent))
                            .toList()));
        }
        return Graphs.of(17, Map.of()).withOutputs(infos);
    }
}
