package org.vitrail.ort;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.TensorInfo;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BiFunction;
import org.vitrail.engine.Engine;
import org.vitrail.engine.EngineOptions;
import org.vitrail.graph.DataType;
import org.vitrail.graph.ElementTypeConversion;
import org.vitrail.graph.Graph;
import org.vitrail.graph.GraphEditor;
import org.vitrail.graph.ValueInfo;
import org.vitrail.graph.Weight;
import org.vitrail.onnx.OnnxFile;
import org.vitrail.tensor.Tensor;
import org.vitrail.tensor.VitrailException;

/** {@link Engine} by ONNX Runtime on the CPU. */
final class OrtEngine implements Engine {
    /** With more than this of weights, the larger of them are shared with ONNX Runtime instead of copied. */
    private static final long MAX_COPIED_BYTES = 256L << 20;

    /** Element types for which ONNX Runtime has no kernels on the CPU. */
    private static final Set<DataType> UNSUPPORTED = Set.of(DataType.BFLOAT16);

    private static final int MIN_SHARED_BYTES = 1 << 16;

    private final OrtEnvironment environment = OrtRuntime.environment();
    private final OrtSession session;
    private final List<OnnxTensorLike> weights;
    private final List<String> inputs;
    private final List<String> outputs;
    private final Map<String, DataType> inputTypes = new LinkedHashMap<>();
    private final Map<String, DataType> outputTypes = new LinkedHashMap<>();

    /** Runs hold the read lock, {@link #close} the write lock: native code must not run on memory that was freed. */
    private final ReadWriteLock lifetime = new ReentrantReadWriteLock();

    private boolean closed;

    private OrtEngine(OrtSession session, Collection<OnnxTensorLike> weights) throws OrtException {
        this.session = session;
        this.weights = List.copyOf(weights);
        this.inputs = List.copyOf(session.getInputNames());
        this.outputs = List.copyOf(session.getOutputNames());
        read(session.getInputInfo(), inputTypes);
        read(session.getOutputInfo(), outputTypes);
    }

    private static void read(Map<String, NodeInfo> values, Map<String, DataType> types) {
        for (NodeInfo value : values.values()) {
            if (value.getInfo() instanceof TensorInfo info) {
                types.put(value.getName(), OrtValues.type(info));
            }
        }
    }

    /**
     * Makes a graph ready to run. What it computes in bfloat16, for which ONNX Runtime has no kernels on the CPU, is
     * computed in float32.
     *
     * @throws VitrailException when the graph has no such outputs, or ONNX Runtime cannot run it
     */
    static OrtEngine open(Graph graph, EngineOptions options) {
        Graph wanted = ElementTypeConversion.convert(
                options.outputs().isEmpty() ? graph : returning(graph, options.outputs()), UNSUPPORTED, DataType.FLOAT);
        return OnnxFile.weightBytes(wanted) <= MAX_COPIED_BYTES
                ? open(options, Map.of(), (ort, config) -> ort.createSession(OnnxFile.bytes(wanted), config))
                : sharing(wanted, options);
    }

    /** Makes a model file ready to run, compressed or not, after the checks of {@link OnnxFile#read}. */
    static OrtEngine open(Path path, EngineOptions options) {
        Graph graph = OnnxFile.read(path);
        boolean asItLies = !ElementTypeConversion.holds(graph, UNSUPPORTED) && !OnnxFile.isCompressed(path);
        return options.outputs().isEmpty() && asItLies
                ? open(options, Map.of(), (ort, config) -> ort.createSession(path.toString(), config))
                : open(graph, options);
    }

    private interface Opener {
        OrtSession open(OrtEnvironment environment, SessionOptions config) throws OrtException;
    }

    private static OrtEngine open(EngineOptions options, Map<String, OnnxTensorLike> shared, Opener opener) {
        try (SessionOptions config = new SessionOptions()) {
            config.setIntraOpNumThreads(options.threads());
            config.setInterOpNumThreads(1);
            config.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            config.setOptimizationLevel(
                    options.optimized() ? SessionOptions.OptLevel.ALL_OPT : SessionOptions.OptLevel.NO_OPT);
            config.addConfigEntry("session.intra_op.allow_spinning", "0");
            if (options.exactInt8()) {
                config.addConfigEntry("session.x64quantprecision", "1");
            }
            return new OrtEngine(opener.open(OrtRuntime.environment(), config), shared.values());
        } catch (OrtException e) {
            throw new VitrailException("ONNX Runtime cannot load the model: " + sentence(e), e);
        }
    }

    /** ONNX Runtime reads the larger weights where they lie, in mapped files for instance, instead of copying them. */
    static OrtEngine sharing(Graph graph, EngineOptions options) {
        Map<String, OnnxTensorLike> shared = new LinkedHashMap<>();
        try {
            for (Map.Entry<String, Weight> entry : graph.weights().entrySet()) {
                if (isShared(entry.getValue())) {
                    shared.put(entry.getKey(), OrtValues.of(OrtRuntime.environment(), entry.getValue()));
                }
            }
        } catch (OrtException e) {
            throw new VitrailException("ONNX Runtime cannot take the model's weights: " + sentence(e), e);
        }
        return open(options, shared, (ort, config) -> {
            config.addExternalInitializers(shared);
            return ort.createSession(OnnxFile.bytes(graph, OrtEngine::isShared), config);
        });
    }

    private static boolean isShared(Weight weight) {
        return weight.bytes().remaining() >= MIN_SHARED_BYTES
                && OrtValues.javaType(weight.type()).isPresent();
    }

    /** The part of the graph that these values need, with them as outputs. */
    private static Graph returning(Graph graph, List<String> values) {
        Set<String> made = new HashSet<>(graph.weights().keySet());
        made.addAll(graph.inputNames());
        graph.nodes().forEach(node -> made.addAll(node.outputs()));
        for (String value : values) {
            if (!made.contains(value)) {
                throw new VitrailException("the graph " + graph.name() + " has no value " + value);
            }
        }
        return new GraphEditor(
                        graph.withOutputs(values.stream().map(ValueInfo::named).toList()))
                .build();
    }

    @Override
    public List<String> inputs() {
        return inputs;
    }

    @Override
    public List<String> outputs() {
        return outputs;
    }

    @Override
    public DataType type(String output) {
        return outputTypes.get(output);
    }

    @Override
    public Map<String, Tensor> run(Map<String, Tensor> values) {
        return run(
                values, (name, tensor) -> OrtValues.of(environment, tensor, inputTypes.get(name)), OrtValues::toTensor);
    }

    @Override
    public Map<String, Weight> runRaw(Map<String, Weight> values) {
        return run(values, (name, weight) -> OrtValues.of(environment, weight), OrtValues::toWeight);
    }

    private interface Feed<V> {
        OnnxTensor of(String name, V value) throws OrtException;
    }

    private <V> Map<String, V> run(Map<String, V> values, Feed<V> feed, BiFunction<String, OnnxValue, V> read) {
        requireInputs(values.keySet());
        lifetime.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("the engine was closed; a model cannot run any more after that");
            }
            return runOpen(values, feed, read);
        } finally {
            lifetime.readLock().unlock();
        }
    }

    private <V> Map<String, V> runOpen(Map<String, V> values, Feed<V> feed, BiFunction<String, OnnxValue, V> read) {
        Map<String, OnnxTensor> fed = new LinkedHashMap<>();
        try {
            for (String input : inputs) {
                fed.put(input, feed.of(input, values.get(input)));
            }
            try (OrtSession.Result result = session.run(fed)) {
                Map<String, V> returned = new LinkedHashMap<>();
                for (Map.Entry<String, OnnxValue> output : result) {
                    returned.put(output.getKey(), read.apply(output.getKey(), output.getValue()));
                }
                return Collections.unmodifiableMap(returned);
            }
        } catch (OrtException e) {
            throw new VitrailException("ONNX Runtime cannot run the model: " + sentence(e), e);
        } finally {
            fed.values().forEach(OnnxTensor::close);
        }
    }

    private void requireInputs(Set<String> given) {
        for (String input : inputs) {
            if (!given.contains(input)) {
                throw new VitrailException("the model needs the inputs " + inputs + ", got " + given);
            }
        }
        if (!inputs.containsAll(given)) {
            throw new VitrailException("the model has the inputs " + inputs + ", got " + given);
        }
    }

    @Override
    public void close() {
        lifetime.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                session.close();
                weights.forEach(OnnxTensorLike::close);
            }
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime could not close a session", e);
        } finally {
            lifetime.writeLock().unlock();
        }
    }

    /** ONNX Runtime's message without its error code, on one line. */
    private static String sentence(OrtException e) {
        return String.valueOf(e.getMessage())
                .replaceFirst("^Error code - \\w+ - message: ", "")
                .replaceAll("\\s+", " ")
                .strip();
    }
}
