package org.vitrail.onnx;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import onnx.OnnxMl.AttributeProto;
import onnx.OnnxMl.FunctionProto;
import onnx.OnnxMl.GraphProto;
import onnx.OnnxMl.ModelProto;
import onnx.OnnxMl.NodeProto;
import onnx.OnnxMl.SparseTensorProto;
import onnx.OnnxMl.TensorProto;
import onnx.OnnxMl.TrainingInfoProto;
import org.vitrail.tensor.Limits;
import org.vitrail.tensor.VitrailException;

/**
 * Checks a whole model file before any of it is read or given to an engine: the number of nodes, also after functions
 * are inlined, and external data. {@link TensorCodec} reads the external data of weights and plain tensor attributes,
 * from the model's folder only; everywhere else (functions, training information, sparse tensors, lists of tensors or
 * graphs, attributes that refer to a function's) engines would resolve the file name by themselves, so that external
 * data is refused there.
 */
final class ModelFileCheck {
    private final String file;
    private final Map<String, FunctionProto> functions = new HashMap<>();
    private final Map<String, Long> inlinedNodes = new HashMap<>();

    private ModelFileCheck(String file) {
        this.file = file;
    }

    /** Throws {@link VitrailException} where the model exceeds a bound or hides external data. */
    static void check(String file, ModelProto model) {
        new ModelFileCheck(file).model(model);
    }

    private void model(ModelProto model) {
        for (FunctionProto function : model.getFunctionsList()) {
            String where = file + ", function " + function.getName();
            if (function.getDomain().isEmpty() || function.getDomain().equals("ai.onnx")) {
                throw new VitrailException(where + ": redefines an operator of ONNX itself; give the function a domain"
                        + " of its own and save the model again");
            }
            functions.put(key(function.getDomain(), function.getName(), function.getOverload()), function);
            nodes(function.getNodeList(), false, where);
            function.getAttributeProtoList().forEach(attribute -> attribute(attribute, false, where));
        }
        graph(model.getGraph(), true, file);
        for (TrainingInfoProto training : model.getTrainingInfoList()) {
            graph(training.getInitialization(), false, file + ", training information");
            graph(training.getAlgorithm(), false, file + ", training information");
        }
        requireNodes(count(model.getGraph(), 0));
    }

    /** Checks a graph; {@code read} says whether {@link GraphReader} reads its weights. */
    private void graph(GraphProto graph, boolean read, String where) {
        if (!read) {
            graph.getInitializerList().forEach(weight -> requireInside(weight, where + ", weight " + weight.getName()));
        }
        for (SparseTensorProto sparse : graph.getSparseInitializerList()) {
            sparse(sparse, where + ", sparse weight " + sparse.getValues().getName());
        }
        nodes(graph.getNodeList(), read, where);
    }

    private void nodes(List<NodeProto> nodes, boolean read, String where) {
        for (NodeProto node : nodes) {
            if (node.getAttributeCount() > 0) {
                String label = where + ", node " + label(node);
                node.getAttributeList().forEach(attribute -> attribute(attribute, read, label));
            }
        }
    }

    private void attribute(AttributeProto attribute, boolean read, String node) {
        String where = node + ", attribute " + attribute.getName();
        boolean plain = read && !attribute.hasRefAttrName();
        if (!plain || attribute.getType() != AttributeProto.AttributeType.TENSOR) {
            requireInside(attribute.getT(), where);
        }
        attribute.getTensorsList().forEach(tensor -> requireInside(tensor, where));
        if (attribute.hasSparseTensor()) {
            sparse(attribute.getSparseTensor(), where);
        }
        attribute.getSparseTensorsList().forEach(sparse -> sparse(sparse, where));
        if (attribute.hasG()) {
            graph(attribute.getG(), plain && attribute.getType() == AttributeProto.AttributeType.GRAPH, where);
        }
        attribute.getGraphsList().forEach(graph -> graph(graph, false, where));
    }

    private void sparse(SparseTensorProto sparse, String where) {
        requireInside(sparse.getValues(), where);
        requireInside(sparse.getIndices(), where);
        long elements = 1;
        for (long extent : sparse.getDimsList()) {
            boolean fits = extent >= 0 && extent <= Limits.MAX_SPARSE_ELEMENTS;
            elements = fits ? elements * extent : Limits.MAX_SPARSE_ELEMENTS + 1;
            if (elements > Limits.MAX_SPARSE_ELEMENTS || sparse.getDimsCount() > Limits.MAX_RANK) {
                throw new VitrailException(where + ": a sparse tensor may stand for at most "
                        + Limits.MAX_SPARSE_ELEMENTS + " elements in " + Limits.MAX_RANK
                        + " axes, and this one is larger; save the model with a dense tensor");
            }
        }
    }

    private static void requireInside(TensorProto tensor, String where) {
        if (tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
            throw new VitrailException(where + ": external data is supported for plain weights only;"
                    + " save the model with this tensor inside");
        }
    }

    /** Returns the nodes of a graph and its sub-graphs with all functions inlined, as ONNX Runtime does on loading. */
    private long count(GraphProto graph, int depth) {
        return count(graph.getNodeList(), depth);
    }

    private long count(List<NodeProto> nodes, int depth) {
        long count = nodes.size();
        for (NodeProto node : nodes) {
            FunctionProto called = functions.get(key(node.getDomain(), node.getOpType(), node.getOverload()));
            count += called == null ? 0 : inlined(called, depth + 1);
            for (AttributeProto attribute : node.getAttributeList()) {
                count += count(attribute.getG(), depth);
                for (GraphProto graph : attribute.getGraphsList()) {
                    count += count(graph, depth);
                }
            }
            requireNodes(count);
        }
        return count;
    }

    private long inlined(FunctionProto function, int depth) {
        if (depth > Limits.MAX_FUNCTION_DEPTH) {
            throw new VitrailException(file + ", function " + function.getName() + ": calls of functions are nested"
                    + " more than " + Limits.MAX_FUNCTION_DEPTH + " deep, or form a cycle; export the model without"
                    + " functions");
        }
        String key = key(function.getDomain(), function.getName(), function.getOverload());
        Long known = inlinedNodes.get(key);
        if (known == null) {
            known = count(function.getNodeList(), depth);
            inlinedNodes.put(key, known);
        }
        return known;
    }

    private static String key(String domain, String name, String overload) {
        return domain + '\n' + name + '\n' + overload;
    }

    private void requireNodes(long count) {
        if (count > Limits.MAX_NODES) {
            throw new VitrailException(file + ": has more than " + Limits.MAX_NODES
                    + " nodes, functions inlined; a model to quantize has far fewer: export it without unrolled loops");
        }
    }

    /** The name of a node for messages: its own, or operator and first output where it has none. */
    static String label(NodeProto node) {
        return !node.getName().isEmpty()
                ? node.getName()
                : node.getOpType()
                        + Optional.of(node)
                                .filter(n -> n.getOutputCount() > 0)
                                .map(n -> " -> " + n.getOutput(0))
                                .orElse("");
    }
}
