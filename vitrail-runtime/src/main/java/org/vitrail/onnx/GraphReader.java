package org.vitrail.onnx;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import onnx.OnnxMl.AttributeProto;
import onnx.OnnxMl.GraphProto;
import onnx.OnnxMl.ModelProto;
import onnx.OnnxMl.NodeProto;
import onnx.OnnxMl.OperatorSetIdProto;
import onnx.OnnxMl.StringStringEntryProto;
import onnx.OnnxMl.TensorProto;
import onnx.OnnxMl.ValueInfoProto;
import org.vitrail.graph.Attribute;
import org.vitrail.graph.Graph;
import org.vitrail.graph.Node;
import org.vitrail.graph.UninterpretedProto;
import org.vitrail.graph.ValueInfo;
import org.vitrail.graph.Weight;
import org.vitrail.tensor.VitrailException;

/**
 * Converts a ModelProto to a {@link Graph}. Each message is split into the parts that a graph holds and a rest, the
 * same message with those fields cleared, from which {@link GraphWriter} starts; so nothing that Vitrail does not
 * interpret gets lost.
 */
final class GraphReader {
    static final int OLDEST_OPSET = 11;
    static final int NEWEST_OPSET = 23;

    private final String file;
    private final TensorCodec tensors;

    GraphReader(String file, ExternalDataReader external) {
        this.file = file;
        this.tensors = new TensorCodec(external);
    }

    /**
     * Returns the model's graph.
     *
     * @param parts what {@code model} was parsed from, with the elements that it lacks
     */
    Graph model(ModelProto model, DetachedElements.Parts parts) {
        Map<String, Integer> opsets = opsets(model);
        ModelFileCheck.check(file, model);
        Map<String, String> metadata = new LinkedHashMap<>();
        for (StringStringEntryProto entry : model.getMetadataPropsList()) {
            metadata.put(entry.getKey(), entry.getValue());
        }
        Graph graph = graph(model.getGraph(), new NameScope(null), parts::ofInitializer);
        ModelProto rest = model.toBuilder()
                .clearOpsetImport()
                .clearMetadataProps()
                .setGraph(rest(model.getGraph()))
                .build();
        return new Graph(
                graph.name(),
                graph.inputs(),
                graph.outputs(),
                graph.nodes(),
                graph.weights(),
                graph.values(),
                opsets,
                metadata,
                opaque(rest));
    }

    private Map<String, Integer> opsets(ModelProto model) {
        Map<String, Integer> opsets = new LinkedHashMap<>();
        for (OperatorSetIdProto opset : model.getOpsetImportList()) {
            String domain = opset.getDomain().equals("ai.onnx") ? "" : opset.getDomain();
            long version = opset.getVersion();
            if (version != (int) version) {
                throw new VitrailException(
                        file + ": operator set '" + domain + "' has the impossible version " + version);
            }
            Integer other = opsets.put(domain, (int) version);
            if (other != null && other != version) {
                throw new VitrailException(file + ": requires versions " + other + " and " + version
                        + " of the operator set '" + domain + "', but a file can use only one");
            }
        }
        Integer own = opsets.get("");
        if (own == null) {
            throw new VitrailException(file + ": does not say which version of ONNX's operators it uses"
                    + " (opset_import); the file is cut short or was not written whole");
        }
        if (own < OLDEST_OPSET || own > NEWEST_OPSET) {
            throw new VitrailException(file + ": uses opset " + own + ", and Vitrail reads opset " + OLDEST_OPSET
                    + " to " + NEWEST_OPSET + "; export the model again with opset_version=17");
        }
        return opsets;
    }

    private Graph graph(GraphProto proto, NameScope scope, IntFunction<Optional<ByteBuffer>> detached) {
        Map<String, Weight> weights = weights(proto, scope, detached);
        Set<String> constants = scope.own();
        List<ValueInfo> inputs = new ArrayList<>();
        for (ValueInfoProto input : proto.getInputList()) {
            if (!constants.contains(input.getName())) {
                scope.define(input.getName(), file + ", input " + input.getName());
                inputs.add(ValueInfoCodec.read(input, file));
            }
        }
        List<Node> nodes = nodes(proto, scope);
        List<ValueInfo> outputs = new ArrayList<>();
        for (ValueInfoProto output : proto.getOutputList()) {
            if (!scope.sees(output.getName())) {
                throw new VitrailException(file + ": nothing in the graph makes its output " + output.getName()
                        + "; the file is damaged or was written wrongly");
            }
            outputs.add(ValueInfoCodec.read(output, file));
        }
        Map<String, ValueInfo> values = new LinkedHashMap<>();
        for (ValueInfoProto value : proto.getValueInfoList()) {
            values.put(value.getName(), ValueInfoCodec.read(value, file));
        }
        return new Graph(
                proto.getName(), inputs, outputs, nodes, weights, values, Map.of(), Map.of(), opaque(rest(proto)));
    }

    private Map<String, Weight> weights(GraphProto proto, NameScope scope, IntFunction<Optional<ByteBuffer>> detached) {
        Map<String, Weight> weights = new LinkedHashMap<>();
        for (int i = 0; i < proto.getInitializerCount(); i++) {
            TensorProto tensor = proto.getInitializer(i);
            String where = file + ", weight " + tensor.getName();
            scope.define(tensor.getName(), where);
            tensors.read(tensor, where, detached.apply(i)).ifPresent(weight -> weights.put(tensor.getName(), weight));
        }
        proto.getSparseInitializerList().forEach(sparse -> {
            String name = sparse.getValues().getName();
            scope.define(name, file + ", sparse weight " + name);
        });
        return weights;
    }

    /**
     * Returns the message without the fields that {@link Graph} holds; of a weight it keeps only the fields other than
     * its elements.
     */
    private static GraphProto rest(GraphProto proto) {
        GraphProto.Builder rest = proto.toBuilder()
                .clearName()
                .clearNode()
                .clearInput()
                .clearOutput()
                .clearValueInfo()
                .clearInitializer();
        for (TensorProto tensor : proto.getInitializerList()) {
            if (TensorCodec.known(tensor.getDataType()).isEmpty()) {
                rest.addInitializer(tensor);
            } else {
                TensorProto.Builder beyond = TensorCodec.rest(tensor);
                if (!beyond.clone().clearName().build().equals(TensorProto.getDefaultInstance())) {
                    rest.addInitializer(beyond);
                }
            }
        }
        return rest.build();
    }

    private List<Node> nodes(GraphProto proto, NameScope scope) {
        List<Node> nodes = new ArrayList<>();
        for (NodeProto node : proto.getNodeList()) {
            String where = file + ", node " + ModelFileCheck.label(node);
            for (String input : node.getInputList()) {
                if (!input.isEmpty() && !scope.sees(input)) {
                    throw new VitrailException(where + ": reads the value " + input
                            + (madeIn(proto).contains(input)
                                    ? ", which only a later node makes: the nodes are not in an order in which they"
                                            + " can run, or form a cycle"
                                    : ", which nothing in the file defines")
                            + "; the file is damaged or was written wrongly");
                }
            }
            nodes.add(node(node, scope, where));
            for (String output : node.getOutputList()) {
                if (!output.isEmpty()) {
                    scope.define(output, where);
                }
            }
        }
        return nodes;
    }

    private Node node(NodeProto node, NameScope scope, String where) {
        if (node.getOutputList().stream().allMatch(String::isEmpty)) {
            throw new VitrailException(where + ": has no output; the file is damaged or was written wrongly");
        }
        Map<String, Attribute> attributes = new LinkedHashMap<>();
        NodeProto.Builder rest = node.toBuilder()
                .clearName()
                .clearDomain()
                .clearOpType()
                .clearInput()
                .clearOutput()
                .clearAttribute();
        for (AttributeProto proto : node.getAttributeList()) {
            Attribute attribute = attribute(proto, scope, where + ", attribute " + proto.getName());
            if (attributes.put(proto.getName(), attribute) != null) {
                throw new VitrailException(where + ": has the attribute " + proto.getName() + " twice");
            }
            if (!(attribute instanceof Attribute.Raw) && proto.hasDocString()) {
                rest.addAttribute(
                        AttributeProto.newBuilder().setName(proto.getName()).setDocString(proto.getDocString()));
            }
        }
        return new Node(
                node.getName(),
                node.getDomain(),
                node.getOpType(),
                node.getInputList(),
                node.getOutputList(),
                attributes,
                opaque(rest.build()));
    }

    private Attribute attribute(AttributeProto proto, NameScope scope, String where) {
        Attribute raw = new Attribute.Raw(opaque(proto));
        if (proto.hasRefAttrName()) {
            return raw;
        }
        return switch (proto.getType()) {
            case INT -> new Attribute.IntValue(proto.getI());
            case FLOAT -> new Attribute.FloatValue(proto.getF());
            case INTS -> new Attribute.Ints(proto.getIntsList());
            case FLOATS -> new Attribute.Floats(proto.getFloatsList());
            case GRAPH -> new Attribute.Subgraph(graph(proto.getG(), new NameScope(scope), index -> Optional.empty()));
            case TENSOR ->
                tensors.read(proto.getT(), where, Optional.empty())
                        .<Attribute>map(Attribute.TensorValue::new)
                        .orElse(raw);
            case STRING ->
                proto.getS().isValidUtf8()
                        ? new Attribute.StringValue(proto.getS().toStringUtf8())
                        : raw;
            case STRINGS ->
                proto.getStringsList().stream().allMatch(ByteString::isValidUtf8)
                        ? new Attribute.Strings(proto.getStringsList().stream()
                                .map(ByteString::toStringUtf8)
                                .toList())
                        : raw;
            case UNDEFINED, SPARSE_TENSOR, SPARSE_TENSORS, TENSORS, GRAPHS, TYPE_PROTO, TYPE_PROTOS -> raw;
        };
    }

    private static Set<String> madeIn(GraphProto proto) {
        Set<String> made = new HashSet<>();
        proto.getNodeList().forEach(node -> made.addAll(node.getOutputList()));
        return made;
    }

    private static UninterpretedProto opaque(MessageLite message) {
        return UninterpretedProto.of(message.toByteArray());
    }
}
