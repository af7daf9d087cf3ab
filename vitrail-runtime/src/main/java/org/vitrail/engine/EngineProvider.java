package org.vitrail.engine;

import java.nio.file.Path;
import java.util.Optional;
import org.vitrail.graph.Graph;
import org.vitrail.onnx.OnnxFile;

/**
 * Makes models ready to run by one inference library. Implementations are found by {@link java.util.ServiceLoader}, so
 * they have a public constructor without parameters, which loads no native library: that is for {@link #open} to do.
 * Every implementation passes {@code EngineProviderContractTest}.
 */
public interface EngineProvider {
    /** The name that users choose the engine by; lower case, without spaces. */
    String name();

    /** The version of the inference library. */
    String version();

    /**
     * Why the engine cannot run this graph on this machine, as a sentence; empty where it can be tried. The graph is not
     * loaded for the answer.
     */
    default Optional<String> refusal(Graph graph) {
        return Optional.empty();
    }

    /** Returns whether {@link EngineOptions#exactInt8} makes integer products exact on every CPU. */
    boolean hasExactForm();

    /** The order in which engines are preferred where the user names none: the greatest first. */
    default int priority() {
        return 0;
    }

    /**
     * Makes a graph ready to run.
     *
     * @throws org.vitrail.tensor.VitrailException when the graph has no such outputs, or the engine cannot run it
     */
    Engine open(Graph graph, EngineOptions options);

    /** Makes a model file ready to run, compressed or not, after the checks of {@link OnnxFile#read}. */
    default Engine open(Path path, EngineOptions options) {
        return open(OnnxFile.read(path), options);
    }
}
