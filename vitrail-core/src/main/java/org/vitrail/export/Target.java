package org.vitrail.export;

/** What the quantized graph is for. */
public enum Target {
    /**
     * QuantizeLinear / DequantizeLinear pairs and integer weights: standard ONNX that every runtime reads, exact on
     * every CPU (see {@link SaturationProof}), integer kernels where the runtime has them.
     */
    PORTABLE,
    /** The same arithmetic with float weights already put on their grids: what {@link #PORTABLE} must reproduce. */
    SIMULATED
}
