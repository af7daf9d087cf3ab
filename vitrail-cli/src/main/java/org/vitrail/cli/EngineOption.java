package org.vitrail.cli;

import java.util.Iterator;
import java.util.Optional;
import org.vitrail.engine.EngineProvider;
import org.vitrail.engine.Engines;
import org.vitrail.graph.Graph;
import picocli.CommandLine.Option;

/** {@code --engine NAME}: what runs the models. */
final class EngineOption {
    @Option(
            names = "--engine",
            paramLabel = "NAME",
            completionCandidates = Names.class,
            description = "What runs the models: ${COMPLETION-CANDIDATES} (default: the first of these that takes the"
                    + " model).")
    private String name;

    /** The names that {@code --engine} knows. */
    static final class Names implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Engines.all().stream().map(EngineProvider::name).iterator();
        }
    }

    /** The engine that the user named, or the preferred one. */
    EngineProvider provider() {
        return named().orElseGet(Engines::preferred);
    }

    /** The engine that the user named, or the preferred one of those that take this graph. */
    EngineProvider provider(Graph graph) {
        return named().orElseGet(() -> Engines.preferred(graph));
    }

    private Optional<EngineProvider> named() {
        return Optional.ofNullable(name).map(Engines::named);
    }
}
