package org.vitrail.allocate;

/** Measures the loss of accuracy when one module of a model is quantized and the others are not. */
public interface Sensitivity {
    /**
     * Returns the cost Ω of each module (rows, as in the task) at each width (columns, as in the task). Costs are not
     * negative and in any unit, but comparable between modules, because a choice of widths is judged by their sum.
     */
    double[][] measure(SensitivityTask task);
}
