package org.vitrail.export;

/** The export target: the form in which a quantized graph is written. */
public enum Target {
    /**
     * QuantizeLinear / DequantizeLinear pairs and integer weights: standard ONNX that every runtime reads, with the
     * same result on every CPU (see {@link SaturationProof}) and integer kernels where the runtime has them.
     */
    PORTABLE,
    /** The same arithmetic with fake-quantized float weights: the reference that {@link #PORTABLE} must reproduce. */
    SIMULATED
}
