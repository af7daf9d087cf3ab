package org.vitrail.allocate;

/** What it costs in accuracy to quantize one module of a model, the others left as they are. */
public interface Sensitivity {
    /**
     * The cost Ω of each module (rows, as in the task) at each width (columns, as in the task): not negative, of any
     * unit, comparable between modules, since a choice of widths is judged by its sum.
     */
    double[][] measure(SensitivityTask task);
}
