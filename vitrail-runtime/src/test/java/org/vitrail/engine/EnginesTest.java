package org.vitrail.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.vitrail.graph.Node;
import org.vitrail.tensor.VitrailException;
import org.vitrail.testing.Graphs;

class EnginesTest {
    @Test
    void onnxRuntimeIsTheEngineWhereNoneIsNamed() {
        assertThat(Engines.preferred().name()).isEqualTo("onnxruntime");
        assertThat(Engines.preferred(Graphs.of(17, Node.of("Neg", List.of("x"), "y")))
                        .name())
                .isEqualTo("onnxruntime");
        assertThat(Engines.named("OnnxRuntime")).isSameAs(Engines.preferred());
    }

    @Test
    void listsTheNamesThatThereAreForOneThatThereIsNot() {
        assertThatThrownBy(() -> Engines.named("warp"))
                .isInstanceOf(VitrailException.class)
                .hasMessage("there is no engine warp; there are onnxruntime");
    }

    @Test
    void aRunNeedsAThreadAndAByte() {
        RunContext context = RunContext.defaults();
        assertThatThrownBy(() -> context.withThreads(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> context.withHeldBytes(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least one thread and one byte");
    }
}
