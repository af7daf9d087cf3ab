package org.vitrail.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vitrail.graph.DataType;
import org.vitrail.graph.Dim;
import org.vitrail.graph.Node;
import org.vitrail.graph.ValueInfo;
import org.vitrail.graph.Weight;
import org.vitrail.task.ScoreForm.Activation;
import org.vitrail.testing.Graphs;

class ScoreFormTest {
    /** Operators behind the logits z, one after the other, and what the scores are after them. */
    @ParameterizedTest
    @CsvSource({
        "Identity, logits",
        "LogSoftmax, logits",
        "Softmax, SOFTMAX 1",
        "Sigmoid, SIGMOID 1",
        "Softmax Reshape, SOFTMAX 1",
        "Softmax Slice Squeeze, SOFTMAX 1",
        "Sigmoid Mul:0.5 Unsqueeze, SIGMOID 1",
        "Softmax Mul:100, SOFTMAX 100",
        "Softmax Div:0.01, SOFTMAX 100",
        "Softmax Mul:row, SOFTMAX 1",
        "LogSoftmax Exp, SOFTMAX 1",
        "Softmax Twice, SOFTMAX 2",
        "Softmax Twice Mul:0.5, SOFTMAX 1",
        "Softmax Square, SIGMOID 1",
        "Sigmoid MatMul, logits",
        "Softmax Mul:-1, logits",
        "Softmax Gate, logits",
        "WrittenOutSoftmax, SOFTMAX 1",
        "WrittenOutSigmoid, SIGMOID 1"
    })
    void theGraphSaysWhatHasBeenDoneToScores(String operators, String form) {
        List<Node> nodes = new ArrayList<>();
        String value = "z";
        for (String operator : operators.split(" ", -1)) {
            String next = "v" + nodes.size();
            nodes.addAll(nodes(operator, value, next));
            value = nodes.getLast().output();
        }
        nodes.add(Node.of("Identity", List.of(value), "y"));
        Map<String, Weight> weights = Map.of(
                "one", Weight.scalar(1),
                "0.5", Weight.scalar(0.5f),
                "100", Weight.scalar(100),
                "0.01", Weight.scalar(0.01f),
                "-1", Weight.scalar(-1),
                "row", Weight.ofFloats(new int[] {3}, 1, 0.5f, 0.2f));
        Task task = TaskChoice.find(Graphs.of(17, weights, nodes.toArray(Node[]::new))
                        .withOutputs(List.of(
                                ValueInfo.of("y", DataType.FLOAT, List.of(new Dim.Symbol("batch"), Dim.of(3))))))
                .task();

        ScoreForm found = ((Task.Classification) task).form();
        assertThat(found.applied() ? found.activation() + " " + Math.round(found.unit()) : "logits")
                .isEqualTo(form);
    }

    private static List<Node> nodes(String operator, String from, String to) {
        String[] words = operator.split(":", -1);
        return switch (words[0]) {
            case "Mul", "Div" -> List.of(Node.of(words[0], List.of(from, words[1]), to));
            case "Twice" -> List.of(Node.of("Add", List.of(from, from), to));
            case "Square" -> List.of(Node.of("Mul", List.of(from, from), to));
            case "Gate" -> List.of(Node.of("Mul", List.of(from, "z"), to));
            case "MatMul" -> List.of(Node.of("MatMul", List.of(from, "row"), to));
            case "WrittenOutSoftmax" ->
                List.of(
                        Node.of("Exp", List.of(from), "e"),
                        Node.of("ReduceSum", List.of("e"), "s"),
                        Node.of("Div", List.of("e", "s"), to));
            case "WrittenOutSigmoid" ->
                List.of(
                        Node.of("Neg", List.of(from), "n"),
                        Node.of("Exp", List.of("n"), "e"),
                        Node.of("Add", List.of("e", "one"), "s"),
                        Node.of("Div", List.of("one", "s"), to));
            default -> List.of(Node.of(words[0], List.of(from), to));
        };
    }

    @Test
    void probabilitiesAreTakenAsTheyAre() {
        float[] probs = {0.338f, 0.004f, 0.291f, 0.367f};

        assertThat(ScoreForm.applied(Activation.SOFTMAX).probabilities(probs)[0])
                .isEqualTo(0.338f);
        assertThat(new ScoreForm(Activation.SOFTMAX, true, 100).probabilities(new float[] {33.8f, 66.2f})[0])
                .isCloseTo(0.338, within(1e-6));
        assertThat(ScoreForm.SIGMOID_LOGITS.probabilities(new float[] {0})[0]).isEqualTo(0.5);
        assertThat(ScoreForm.LOGITS.probabilities(new float[] {1, 1})[0]).isCloseTo(0.5, within(1e-12));
    }

    @Test
    void scoresThatAddUpToOneAreProbabilitiesThoughTheGraphDoesNotSayIt() {
        assertThat(ScoreForm.LOGITS.seenIn(new float[] {0.25f, 0.75f}))
                .isEqualTo(ScoreForm.applied(Activation.SOFTMAX));
        assertThat(ScoreForm.LOGITS.seenIn(new float[] {0.25f, 0.5f})).isEqualTo(ScoreForm.LOGITS);
        assertThat(ScoreForm.LOGITS.seenIn(new float[] {-0.5f, 1.5f})).isEqualTo(ScoreForm.LOGITS);
        assertThat(ScoreForm.LOGITS.seenIn(new float[] {1})).isEqualTo(ScoreForm.LOGITS);
    }

    @Test
    void divergenceOfProbabilitiesIsThatOfTheirLogits() {
        float[] p = {0.7f, 0.2f, 0.1f};
        float[] q = {0.5f, 0.3f, 0.2f};
        double wanted = 0.7 * Math.log(0.7 / 0.5) + 0.2 * Math.log(0.2 / 0.3) + 0.1 * Math.log(0.1 / 0.2);
        double uniform = Math.log(3) + 0.7 * Math.log(0.7) + 0.2 * Math.log(0.2) + 0.1 * Math.log(0.1);
        ScoreForm softmax = ScoreForm.applied(Activation.SOFTMAX);

        assertThat(softmax.klNats(p, q)).isCloseTo(wanted, within(1e-6));
        assertThat(softmax.decidedNats(p)).isCloseTo(uniform, within(1e-6));
        assertThat(ScoreForm.LOGITS.klNats(logs(p), logs(q))).isCloseTo(wanted, within(1e-6));
        // Two of the three classes: what is missing to one counts too.
        assertThat(softmax.klNats(new float[] {0.7f, 0.2f}, new float[] {0.5f, 0.3f}))
                .isCloseTo(wanted, within(1e-6));
        assertThat(ScoreForm.applied(Activation.SIGMOID).klNats(new float[] {0.7f}, new float[] {0.5f}))
                .isCloseTo(0.7 * Math.log(1.4) + 0.3 * Math.log(0.6), within(1e-6));
    }

    @Test
    void aSingleSigmoidPredictsYesOrNo() {
        ScoreForm sigmoid = ScoreForm.applied(Activation.SIGMOID);

        assertThat(sigmoid.predicted(new float[] {0.6f})).containsExactly(0);
        assertThat(sigmoid.predicted(new float[] {0.4f})).isEmpty();
        assertThat(sigmoid.predicted(new float[] {0.6f, 0.1f, 0.9f})).containsExactly(0, 2);
        assertThat(sigmoid.predicted(new float[] {0.1f, 0.3f})).containsExactly(1);
        assertThat(ScoreForm.LOGITS.predicted(new float[] {0.1f, 0.3f})).containsExactly(1);
    }

    private static float[] logs(float[] probabilities) {
        float[] logs = new float[probabilities.length];
        for (int i = 0; i < logs.length; i++) {
            logs[i] = (float) Math.log(probabilities[i]);
        }
        return logs;
    }
}
