package org.vitrail.graph;

import java.util.List;

/** An attribute of a node. Kinds that Vitrail does not read are kept whole as {@link Raw}. */
public sealed interface Attribute {
    record IntValue(long value) implements Attribute {}

    record FloatValue(float value) implements Attribute {}

    record StringValue(String value) implements Attribute {}

    record Ints(List<Long> values) implements Attribute {
        public Ints {
            values = List.copyOf(values);
        }
    }

    record Floats(List<Float> values) implements Attribute {
        public Floats {
            values = List.copyOf(values);
        }
    }

    record Strings(List<String> values) implements Attribute {
        public Strings {
            values = List.copyOf(values);
        }
    }

    record TensorValue(Weight value) implements Attribute {}

    /** The body of If, Loop or Scan; it may read values of the enclosing graph. */
    record Subgraph(Graph value) implements Attribute {}

    /** An attribute kept as it was in the file (its whole serialized AttributeProto). */
    record Raw(UninterpretedProto value) implements Attribute {}

    static Attribute of(long value) {
        return new IntValue(value);
    }

    static Attribute of(float value) {
        return new FloatValue(value);
    }

    static Attribute of(String value) {
        return new StringValue(value);
    }

    static Attribute ints(Long... values) {
        return new Ints(List.of(values));
    }
}
