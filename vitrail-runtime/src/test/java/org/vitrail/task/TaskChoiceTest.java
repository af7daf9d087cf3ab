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
                + " 'ObjectDetection[scores=logits, boxes=pred_boxes, form=logits]'",
        "logits B Q 4; pred_boxes B Q 4, 'ObjectDetection[scores=logits, boxes=pred_boxes, form=logits]'",
        "image_embeds B 512; last_hidden_state B T 768, Embedding[vector=image_embeds]",
        "last_hidden_state B T 768; pooler_output B 768, Embedding[vector=pooler_output]",
        "last_hidden_state B T 768, Embedding[vector=last_hidden_state]",
        "output B 17 48, Embedding[vector=output]",
        "logits B 150 128 128, Dense[scores=logits]",
        "predicted_depth B 1 64 64, ValueMap[values=predicted_depth]",
        "predicted_depth B 64 64; hidden_states B 17 48, ValueMap[values=predicted_depth]",
        "output B 64 64 1, ValueMap[values=output]",
        "alphas B 1 H W, ValueMap[values=alphas]",
        "reconstruction B 3 128 128, ValueMap[values=reconstruction]",
        "quality B 1, ValueMap[values=quality]",
        "mask:INT64 B H W, ClassMap[labels=mask]",
        "output:INT32 B 1 H W, ClassMap[labels=output]",
        "seg:UINT8 B H W, ClassMap[labels=seg]",
        "feature_map B 768 7 7, Embedding[vector=feature_map]",
        "logits B 1000 1 1, 'Classification[scores=logits, form=logits]'",
        "labels:INT64 B 20; boxes B 20 4; scores B 20,"
                + " 'DetectionList[labels=labels, boxes=boxes, scores=scores, input=Optional.empty]'",
        "dets Q 4; conf Q; class_ids:INT64 Q,"
                + " 'DetectionList[labels=class_ids, boxes=dets, scores=conf, input=Optional.empty]'",
        "dets B 300 4; labels B 300 91, 'ObjectDetection[scores=labels, boxes=dets, form=logits]'",
        "logits B N 8; pred_boxes B N M, 'ObjectDetection[scores=logits, boxes=pred_boxes, form=logits]'",
        "scores B Q 1; boxes B Q 4, 'ObjectDetection[scores=scores, boxes=boxes, form=sigmoid logits]'",
        "class_queries_logits B 100 81; masks_queries_logits B 100 96 96,"
                + " 'Masks[scores=Optional[class_queries_logits], masks=masks_queries_logits]'",
        "iou_scores B 1 3; pred_masks B 1 3 256 256, 'Masks[scores=Optional[iou_scores], masks=pred_masks]'",
        "masks B 3 H W; iou_predictions B 3, 'Masks[scores=Optional[iou_predictions], masks=masks]'",
        "output B 2 3 4 5, Other[outputs=[output]]"
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
                .hasMessageContaining(
                        "boxes (batch, queries, 4), or of labels, boxes and scores, but the model small has"
                                + " output (B, 32)");
    }

    @ParameterizedTest
    @CsvSource({
        "DetrForObjectDetection, DETECTION",
        "YolosForObjectDetection, DETECTION",
        "ViTForImageClassification, CLASSIFICATION",
        "DeiTForImageClassificationWithTeacher, CLASSIFICATION",
        "CLIPVisionModelWithProjection, EMBEDDING",
        "Dinov2Model, EMBEDDING",
        "RTDetrForObjectDetection, DETECTION",
        "OwlViTForObjectDetection, DETECTION",
        "GroundingDinoForObjectDetection, DETECTION",
        "SegformerForSemanticSegmentation, DENSE",
        "Mask2FormerForUniversalSegmentation, DENSE",
        "DPTForDepthEstimation, DENSE",
        "VitMatteForImageMatting, DENSE"
    })
    void knowsTheArchitecturesOfHuggingFace(String name, Kind kind) {
        assertThat(Kind.ofArchitecture(name)).contains(kind);
        assertThat(Kind.ofArchitecture("BertForMaskedLM")).isEmpty();
    }

    private static Graph graph(String outputs) {
        List<ValueInfo> infos = new ArrayList<>();
        for (String output : outputs.split("; ", -1)) {
            String[] words = output.split(" ", -1);
            String[] name = words[0].split(":", -1);
            infos.add(ValueInfo.of(
                    name[0],
                    name.length == 1 ? DataType.FLOAT : DataType.valueOf(name[1]),
                    Arrays.stream(words)
                            .skip(1)
                            .map(extent ->
                                    extent.matches("[0-9]+") ? Dim.of(Long.parseLong(extent)) : new Dim.Symbol(extent))
                            .toList()));
        }
        return Graphs.of(17, Map.of()).withOutputs(infos);
    }
}
