package org.vitrail.export;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** An export target: the runtime for which a quantized graph is written. Each row has the graph form of its runtime. */
@SuppressWarnings("ImmutableEnumChecker") // The checker cannot see that forms have no state.
public enum Target {
    /**
     * QuantizeLinear / DequantizeLinear pairs and integer weights: standard ONNX that every runtime reads, with the
     * same result on every CPU (see {@link SaturationProof}) and integer kernels where the runtime has them; laid out
     * for ONNX Runtime.
     */
    PORTABLE("standard ONNX for any CPU", new OnnxRuntimeForm()),
    /** The same arithmetic with fake-quantized float weights: the reference that {@link #PORTABLE} must reproduce. */
    SIMULATED("fake-quantized float weights, to check other targets", new SimulatedForm());

    private final String summary;
    private final TargetForm form;

    Target(String summary, TargetForm form) {
        this.summary = summary;
        this.form = form;
    }

    /** Returns the name that users give. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Describes the target's files in a few words. */
    public String summary() {
        return summary;
    }

    TargetForm form() {
        return form;
    }

    /** Returns the targets that models are deployed to: all but the one that checks them. */
    public static List<Target> deployable() {
        return Arrays.stream(values()).filter(target -> target != SIMULATED).toList();
    }

    /** Returns the deployable target with this label, in any case. */
    public static Optional<Target> ofName(String name) {
        return deployable().stream()
                .filter(target -> target.label().equalsIgnoreCase(name))
                .findFirst();
    }
}
