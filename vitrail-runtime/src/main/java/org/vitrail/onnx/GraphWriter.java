package org.vitrail.onnx;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import java.util.HashMap;
import java.util.Map;
import onnx.OnnxMl.AttributeProto;
import onnx.OnnxMl.AttributeProto.AttributeType;
import onnx.OnnxMl.GraphProto;
import onnx.OnnxMl.ModelProto;
import onnx.OnnxMl.NodeProto;
import onnx.OnnxMl.OperatorSetIdProto;
import onnx.OnnxMl.TensorProto;
import org.vitrail.graph.Attribute;
import org.vitrail.graph.Graph;
import org.vitrail.graph.Node;
import org.vitrail.graph.UninterpretedProto;
import org.vitrail.graph.Weight;

/** Converts a {@link Graph} to a ModelProto: each message starts from the rest that {@link GraphReader} kept of it. */
final class GraphWriter {
    /** Stores the elements of a weight inline or elsewhere. Weights of subgraphs are always inline. */
    @FunctionalInterface
    interface Storage {
        TensorProto.Builder store(Weight weight);
    }

    private final Storage storage;

    GraphWriter(Storage storage) {
        this.storage = storage;
    }

    ModelProto model(Graph graph) {
        ModelProto.Builder model = parse(ModelProto.parser(), graph.rest()).toBuilder();
        model.setIrVersion(Math.max(model.getIrVersion(), oldestFormat(graph.opset())));
        if (graph.rest().isEmpty()) {
            model.setProducerName("vitrail");
        }
        graph.opsets().forEach((domain, version) -> model.addOpsetImport(opset(domain, version)));
        graph.metadata()
                .forEach((key, value) ->
                        model.addMetadataPropsBuilder().setKey(key).setValue(value));
        return model.setGraph(graph(graph, model.getGraph(), storage)).build();
    }

    private static OperatorSetIdProto opset(String domain, int version) {
        OperatorSetIdProto.Builder opset = OperatorSetIdProto.newBuilder().setVersion(version);
        return domain.isEmpty() ? opset.build() : opset.setDomain(domain).build();
    }

    /**
     * Returns the oldest version of the file format (IR) that supports an operator set, from the table in ONNX's
     * Versioning.md.
     */
    private static int oldestFormat(int opset) {
        return opset >= 23 ? 11 : opset >= 21 ? 10 : opset >= 19 ? 9 : opset >= 15 ? 8 : 7;
    }

    private static GraphProto graph(Graph graph, GraphProto rest, Storage storage) {
        GraphProto.Builder proto = rest.toBuilder().setName(graph.name()).clearInitializer();
        Map<String, TensorProto> beyond = new HashMap<>();
        for (TensorProto tensor : rest.getInitializerList()) {
            if (tensor.hasDataType()) {
                proto.addInitializer(tensor);
            } else {
                beyond.put(tensor.getName(), tensor);
            }
        }
        graph.weights()
                .forEach((name, weight) -> proto.addInitializer(storage.store(weight)
                        .setName(name)
                        .mergeFrom(beyond.getOrDefault(name, TensorProto.getDefaultInstance()))));
        graph.nodes().forEach(node -> proto.addNode(node(node)));
        graph.inputs().forEach(input -> proto.addInput(ValueInfoCodec.write(input)));
        graph.outputs().forEach(output -> proto.addOutput(ValueInfoCodec.write(output)));
        graph.values().values().forEach(value -> proto.addValueInfo(ValueInfoCodec.write(value)));
        return proto.build();
    }

    private static NodeProto node(Node node) {
        NodeProto rest = parse(NodeProto.parser(), node.rest());
        Map<String, AttributeProto> beyond = new HashMap<>();
        rest.getAttributeList().forEach(attribute -> beyond.put(attribute.getName(), attribute));
        NodeProto.Builder proto = rest.toBuilder()
                .clearAttribute()
                .setOpType(node.op())
                .addAllInput(node.inputs())
                .addAllOutput(node.outputs());
        if (!node.name().isEmpty()) {
            proto.setName(node.name());
        }
        if (!node.domain().isEmpty()) {
            proto.setDomain(node.domain());
        }
        node.attributes()
                .forEach((name, attribute) -> proto.addAttribute(attribute(attribute)
                        .setName(name)
                        .mergeFrom(beyond.getOrDefault(name, AttributeProto.getDefaultInstance()))));
        return proto.build();
    }

    private static AttributeProto.Builder attribute(Attribute attribute) {
        AttributeProto.Builder proto = AttributeProto.newBuilder();
        return switch (attribute) {
            case Attribute.IntValue(long value) ->
                proto.setType(AttributeType.INT).setI(value);
            case Attribute.FloatValue(float value) ->
                proto.setType(AttributeType.FLOAT).setF(value);
            case Attribute.StringValue(String value) ->
                proto.setType(AttributeType.STRING).setS(ByteString.copyFromUtf8(value));
            case Attribute.Ints(var values) -> proto.setType(AttributeType.INTS).addAllInts(values);
            case Attribute.Floats(var values) ->
                proto.setType(AttributeType.FLOATS).addAllFloats(values);
            case Attribute.Strings(var values) ->
                proto.setType(AttributeType.STRINGS)
                        .addAllStrings(
                                values.stream().map(ByteString::copyFromUtf8).toList());
            case Attribute.TensorValue(Weight value) ->
                proto.setType(AttributeType.TENSOR).setT(TensorCodec.write(value));
            case Attribute.Subgraph(Graph value) ->
                proto.setType(AttributeType.GRAPH)
                        .setG(graph(value, parse(GraphProto.parser(), value.rest()), TensorCodec::write));
            case Attribute.Raw(UninterpretedProto value) -> parse(AttributeProto.parser(), value).toBuilder();
        };
    }

    private static <M> M parse(Parser<M> parser, UninterpretedProto rest) {
        try {
            return parser.parseFrom(rest.bytes());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("uninterpreted parts of the graph do not come from an ONNX file", e);
        }
    }
}
