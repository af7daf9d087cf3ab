package org.vitrail.graph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A node of a graph: one application of an operator. A node is identified by its first output, which is unique in a
 * graph; names are informal and may be empty or repeated.
 *
 * @param domain "" for ONNX's own operators
 * @param inputs value names; "" for an optional input that is absent
 * @param attributes in file order
 * @param rest other contents of the file (documentation, metadata), kept for writing back
 */
public record Node(
        String name,
        String domain,
        String op,
        List<String> inputs,
        List<String> outputs,
        Map<String, Attribute> attributes,
        UninterpretedProto rest) {
    public Node {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
    }

    /** A node of ONNX's own domain, named after its first output. */
    public static Node of(String op, List<String> inputs, List<String> outputs, Map<String, Attribute> attributes) {
        return new Node(outputs.getFirst(), "", op, inputs, outputs, attributes, UninterpretedProto.NONE);
    }

    /** A node of ONNX's own domain with one output and no attributes. */
    public static Node of(String op, List<String> inputs, String output) {
        return of(op, inputs, List.of(output), Map.of());
    }

    /** Returns whether this is the operator {@code op} of ONNX's own domain. */
    public boolean is(String op) {
        return this.op.equals(op) && (domain.isEmpty() || domain.equals("ai.onnx"));
    }

    /** The first output that has a name, which identifies the node. */
    public String output() {
        for (String output : outputs) {
            if (!output.isEmpty()) {
                return output;
            }
        }
        throw new IllegalStateException("the node " + name + " has no output");
    }

    /** Input {@code index}, or "" where the node has none there. */
    public String input(int index) {
        return index < inputs.size() ? inputs.get(index) : "";
    }

    public boolean hasInput(int index) {
        return !input(index).isEmpty();
    }

    /** The name of the node for messages: its name in the file, or operator and first output where it has none. */
    public String label() {
        return name.isEmpty() ? op + " -> " + output() : name;
    }

    public long intAttribute(String key, long otherwise) {
        return attributes.get(key) instanceof Attribute.IntValue(long value) ? value : otherwise;
    }

    public float floatAttribute(String key, float otherwise) {
        return attributes.get(key) instanceof Attribute.FloatValue(float value) ? value : otherwise;
    }

    public String stringAttribute(String key, String otherwise) {
        return attributes.get(key) instanceof Attribute.StringValue(String value) ? value : otherwise;
    }

    public Optional<List<Long>> intsAttribute(String key) {
        return attributes.get(key) instanceof Attribute.Ints(List<Long> values)
                ? Optional.of(values)
                : Optional.empty();
    }

    /** Every value that this node needs: its inputs, and the values of the enclosing graph that its subgraphs read. */
    public Set<String> reads() {
        Set<String> reads = new LinkedHashSet<>(inputs);
        reads.remove("");
        for (Attribute attribute : attributes.values()) {
            if (attribute instanceof Attribute.Subgraph(Graph body)) {
                reads.addAll(body.captured());
            }
        }
        return reads;
    }

    /** Returns the node without documentation and metadata, and without a name that only repeats the first output. */
    public Node bare() {
        return new Node(
                name.equals(output()) ? "" : name, domain, op, inputs, outputs, attributes, UninterpretedProto.NONE);
    }

    public Node withInputs(List<String> newInputs) {
        return new Node(name, domain, op, newInputs, outputs, attributes, rest);
    }

    public Node withInput(int index, String value) {
        List<String> changed = new ArrayList<>(inputs);
        changed.set(index, value);
        return withInputs(changed);
    }

    public Node withOutputs(List<String> newOutputs) {
        return new Node(name, domain, op, inputs, newOutputs, attributes, rest);
    }

    public Node withAttributes(Map<String, Attribute> newAttributes) {
        return new Node(name, domain, op, inputs, outputs, newAttributes, rest);
    }
}
