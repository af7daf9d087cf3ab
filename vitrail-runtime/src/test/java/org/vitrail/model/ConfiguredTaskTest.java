package org.vitrail.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vitrail.graph.DataType;
import org.vitrail.graph.Dim;
import org.vitrail.graph.Graph;
import org.vitrail.graph.ValueInfo;
import org.vitrail.task.OutputEvidence;
import org.vitrail.task.ScoreForm;
import org.vitrail.task.Task;
import org.vitrail.tensor.Tensor;
import org.vitrail.testing.Graphs;

class ConfiguredTaskTest {
    private static final Graph DETECTOR = graph(output("logits", 3, 8), output("pred_boxes", 3, 4));
    private static final Graph CLASSIFIER = graph(output("logits", 8));

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{\"architectures\": [\"DetrForObjectDetection\"]}; logits",
                "{\"architectures\": [\"YolosForObjectDetection\"]}; logits",
                "{\"architectures\": [\"TableTransformerForObjectDetection\"]}; logits",
                "{\"architectures\": [\"RTDetrForObjectDetection\"]}; sigmoid logits",
                "{\"architectures\": [\"RTDetrV2ForObjectDetection\"]}; sigmoid logits",
                "{\"architectures\": [\"DFineForObjectDetection\"]}; sigmoid logits",
                "{\"architectures\": [\"DeformableDetrForObjectDetection\"]}; sigmoid logits",
                "{\"architectures\": [\"ConditionalDetrForObjectDetection\"]}; sigmoid logits",
                "{\"architectures\": [\"DabDetrForObjectDetection\"]}; sigmoid logits",
                "{\"architectures\": [\"OwlViTForObjectDetection\"]}; sigmoid logits",
                "{\"architectures\": [\"Owlv2ForObjectDetection\"]}; sigmoid logits",
                "{\"architectures\": [\"GroundingDinoForObjectDetection\"]}; sigmoid logits",
                "{\"architectures\": [\"RTDetrForObjectDetection\"], \"use_focal_loss\": false}; logits",
                "{\"focal_alpha\": 0.25}; sigmoid logits",
                "{\"loss_type\": \"DeformableDetrForObjectDetection\"}; sigmoid logits",
                "{}; logits"
            })
    void theConfigurationSaysWhetherADetectorWasTrainedWithTheFocalLoss(String config, String form) {
        Task task = ConfiguredTask.of(OutputEvidence.of(DETECTOR), Map.of(), Optional.of(config), "model")
                .task();

        assertThat(((Task.ObjectDetection) task).form()).hasToString(form);
    }

    @ParameterizedTest
    @CsvSource({"7, logits", "8, sigmoid logits", "3, logits"})
    void theNumberOfClassNamesSaysWhetherTheLastScoreStandsForNoObject(int names, String form) {
        OutputEvidence evidence =
                new OutputEvidence(DETECTOR, Optional.empty(), Optional.empty(), false, OptionalInt.of(names), Map::of);

        Task task =
                ConfiguredTask.of(evidence, Map.of(), Optional.empty(), "model").task();

        assertThat(((Task.ObjectDetection) task).form()).hasToString(form);
    }

    @Test
    void whereNothingSaysItTheValuesDo() {
        float[] focal = new float[24];
        float[] noObject = new float[24];
        for (int i = 0; i < 24; i++) {
            focal[i] = -4.6f + i % 5 * 0.1f;
            noObject[i] = i % 8 == 7 ? 3 : -6;
        }

        assertThat(formOf(focal)).isEqualTo(ScoreForm.SIGMOID_LOGITS);
        assertThat(formOf(noObject)).isEqualTo(ScoreForm.LOGITS);
    }

    private static ScoreForm formOf(float[] logits) {
        Tensor scores = Tensor.of(new int[] {1, 3, 8}, logits);
        OutputEvidence evidence = new OutputEvidence(
                DETECTOR,
                Optional.empty(),
                Optional.empty(),
                false,
                OptionalInt.empty(),
                () -> Map.of("logits", scores));
        Task task =
                ConfiguredTask.of(evidence, Map.of(), Optional.empty(), "model").task();
        return ((Task.ObjectDetection) task).form();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{\"architectures\": [\"Dinov2ForImageClassification\"]}; logits",
                "{\"problem_type\": \"multi_label_classification\"}; sigmoid logits"
            })
    void theConfigurationSaysWhetherClassesExcludeEachOther(String config, String form) {
        Task task = ConfiguredTask.of(OutputEvidence.of(CLASSIFIER), Map.of(), Optional.of(config), "model")
                .task();

        assertThat(((Task.Classification) task).form()).hasToString(form);
    }

    private static Graph graph(ValueInfo... outputs) {
        return Graphs.of(17).withOutputs(List.of(outputs));
    }

    private static ValueInfo output(String name, long... extents) {
        List<Dim> shape = new ArrayList<>(List.of(new Dim.Symbol("batch")));
        for (long extent : extents) {
            shape.add(Dim.of(extent));
        }
        return ValueInfo.of(name, DataType.FLOAT, shape);
    }
}
