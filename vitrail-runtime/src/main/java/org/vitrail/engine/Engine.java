package org.vitrail.engine;

import java.util.List;
import java.util.Map;
import org.vitrail.graph.DataType;
import org.vitrail.graph.Weight;
import org.vitrail.tensor.Tensor;

/** A model ready to run. Any number of threads may run it at once. */
public interface Engine extends AutoCloseable {
    /** Names of the values that a run must be given. */
    List<String> inputs();

    /** Names of the values that a run returns, in this order. */
    List<String> outputs();

    /** The type that one of {@link #outputs()} has in the model. */
    DataType type(String output);

    /**
     * Runs the model on float values. Inputs of other types are converted (integers by rounding, ties to even, and
     * saturation); outputs of every numeric type come back as float32.
     *
     * @throws org.vitrail.tensor.VitrailException when inputs are missing, unknown or of shapes the model cannot take
     * @throws IllegalStateException when the engine was closed
     */
    Map<String, Tensor> run(Map<String, Tensor> inputs);

    /**
     * Runs the model on values of any type, without conversion.
     *
     * @throws org.vitrail.tensor.VitrailException as {@link #run}, and when types differ from the model's
     */
    Map<String, Weight> runRaw(Map<String, Weight> inputs);

    /** Frees the model after the runs that are under way have ended. Closing again does nothing. */
    @Override
    void close();
}
