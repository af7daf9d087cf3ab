package org.vitrail.shape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.vitrail.graph.Attribute;
import org.vitrail.graph.DataType;
import org.vitrail.graph.Graph;
import org.vitrail.graph.Node;
import org.vitrail.graph.UninterpretedProto;
import org.vitrail.graph.Weight;

class ShapePropagationTest {
    private static final int MALFORMED_NODES = 300;

    private static final List<String> INT_ATTRIBUTES =
            List.of("axis", "to", "keepdims", "batch_dims", "blocksize", "kv_num_heads", "transA", "start", "end");

    private static final List<String> LIST_ATTRIBUTES =
            List.of("axes", "perm", "kernel_shape", "strides", "pads", "dilations", "split", "starts", "ends");

    private static final List<DataType> TYPES =
            List.of(DataType.FLOAT, DataType.INT64, DataType.BOOL, DataType.FLOAT16, DataType.INT4, DataType.STRING);

    private static final EvaluationBudget BUDGET = EvaluationBudget.of(new Graph(
            "", List.of(), List.of(), List.of(), Map.of(), Map.of(), Map.of(), Map.of(), UninterpretedProto.NONE));

    private static InferenceContext context() {
        return new InferenceContext(Node.of("Relu", List.of("x"), "y"), Map.of(), BUDGET);
    }

    @Test
    void aRuleThatLacksAnInputTellsNothing() {
        assertThat(ShapePropagation.outputs(call -> List.of(call.in(0)), context()))
                .isEmpty();
        assertThat(ShapePropagation.outputs(
                        call -> {
                            throw new NoSuchElementException("not known");
                        },
                        context()))
                .isEmpty();
    }

    @Test
    void anErrorInARuleIsNotHidden() {
        assertThatThrownBy(() -> ShapePropagation.outputs(
                        call -> {
                            throw new NullPointerException("an error in a rule");
                        },
                        context()))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("an error in a rule");
        assertThatThrownBy(() -> ShapePropagation.outputs(
                        call -> {
                            throw new IllegalStateException("an error in a rule");
                        },
                        context()))
                .isInstanceOf(IllegalStateException.class);
    }

    /** Inputs of any rank, type and value, and attributes of any kind: each node has its outputs or none. */
    @ParameterizedTest
    @EnumSource(Operator.class)
    void noMalformedNodeMakesARuleFail(Operator operator) {
        Random random = new Random(7);
        for (String name : operator.names()) {
            for (int i = 0; i < MALFORMED_NODES / operator.names().size() + 1; i++) {
                Map<String, InferredValue> facts = new HashMap<>();
                List<String> inputs = new ArrayList<>();
                for (int input = random.nextInt(5); input > 0; input--) {
                    inputs.add(random.nextInt(8) == 0 ? "" : "in" + input);
                    if (random.nextInt(8) > 0) {
                        facts.put("in" + input, value(random));
                    }
                }
                List<String> outputs = random.nextBoolean() ? List.of("y") : List.of("y", "z");
                Node node = new Node("node", "", name, inputs, outputs, attributes(random), UninterpretedProto.NONE);
                InferenceContext context = new InferenceContext(node, facts, BUDGET);
                assertThat(ShapePropagation.outputs(Operator.rule(node).orElseThrow(), context))
                        .isNotNull();
            }
        }
    }

    private static InferredValue value(Random random) {
        int[] shape = random.ints(random.nextInt(5), 0, 4).toArray();
        if (random.nextBoolean()) {
            long[] elements = random.longs(InferredValue.count(shape), -3, 4).toArray();
            if (random.nextBoolean()) {
                return InferredValue.of(Weight.ofLongs(shape, elements));
            }
            float[] floats = new float[elements.length];
            for (int i = 0; i < floats.length; i++) {
                floats[i] = elements[i];
            }
            return InferredValue.of(Weight.ofFloats(shape, floats));
        }
        return InferredValue.of(TYPES.get(random.nextInt(TYPES.size())), shape);
    }

    private static Map<String, Attribute> attributes(Random random) {
        Map<String, Attribute> attributes = new LinkedHashMap<>();
        INT_ATTRIBUTES.stream()
                .filter(name -> random.nextInt(3) == 0)
                .forEach(name -> attributes.put(name, new Attribute.IntValue(random.nextInt(-5, 6))));
        LIST_ATTRIBUTES.stream()
                .filter(name -> random.nextInt(3) == 0)
                .forEach(name -> attributes.put(
                        name,
                        new Attribute.Ints(
                                random.longs(random.nextInt(5), -3, 4).boxed().toList())));
        if (random.nextBoolean()) {
            attributes.put("equation", new Attribute.StringValue(random.nextBoolean() ? "ab,bc->ad" : "->"));
        }
        return attributes;
    }
}
