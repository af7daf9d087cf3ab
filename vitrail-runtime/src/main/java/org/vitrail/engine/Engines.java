package org.vitrail.engine;

import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import org.vitrail.graph.Graph;
import org.vitrail.tensor.VitrailException;

/** Finds the engines that are on the class path or module path. */
public final class Engines {
    private Engines() {}

    /** Loads the providers when they are first asked for. */
    private static final class Found {
        // The class loader of this library, since that of the calling thread may be any.
        static final List<EngineProvider> PROVIDERS =
                ServiceLoader.load(EngineProvider.class, Engines.class.getClassLoader()).stream()
                        .map(ServiceLoader.Provider::get)
                        .sorted(Comparator.comparingInt(EngineProvider::priority)
                                .reversed()
                                .thenComparing(EngineProvider::name))
                        .toList();
    }

    /** All engines, the preferred ones first. */
    public static List<EngineProvider> all() {
        return Found.PROVIDERS;
    }

    /**
     * The engine of this name.
     *
     * @throws VitrailException when there is none, with the names that there are
     */
    public static EngineProvider named(String name) {
        return all().stream()
                .filter(provider -> provider.name().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> new VitrailException("there is no engine " + name + "; there are "
                        + String.join(
                                ", ", all().stream().map(EngineProvider::name).toList())));
    }

    /**
     * The engine that is used where the user names none.
     *
     * @throws VitrailException when there is no engine at all
     */
    public static EngineProvider preferred() {
        return all().stream().findFirst().orElseThrow(Engines::none);
    }

    /**
     * The engine that is used for this graph where the user names none: the most preferred one that does not refuse it.
     *
     * @throws VitrailException when there is no engine, or every one refuses the graph
     */
    public static EngineProvider preferred(Graph graph) {
        return all().stream()
                .filter(provider -> provider.refusal(graph).isEmpty())
                .findFirst()
                .orElseThrow(() -> all().isEmpty()
                        ? none()
                        : new VitrailException("no engine can run the graph " + graph.name() + ": "
                                + String.join(
                                        "; ",
                                        all().stream()
                                                .map(provider -> provider.name() + ": "
                                                        + provider.refusal(graph)
                                                                .orElseThrow())
                                                .toList())));
    }

    private static VitrailException none() {
        return new VitrailException("no engine was found to run models: add one to the class path or module path");
    }
}
