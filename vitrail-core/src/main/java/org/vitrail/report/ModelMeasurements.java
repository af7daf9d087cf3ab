package org.vitrail.report;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.vitrail.verify.FiveNumberSummary;
import org.vitrail.verify.Latency;
import org.vitrail.verify.RelativeError;
import org.vitrail.verify.TaskMetrics;

/**
 * The measurements of one model beside others.
 *
 * @param name the name in tables: its file, or a description
 * @param bytes size of its files
 * @param metrics on the images, compared with the first model; empty where there were no images
 * @param outputErrors error of each output on the images, relative to that of the first model
 * @param latency latency of one image
 * @param speedup how many times faster it is than the first model, from interleaved rounds
 * @param peakBytes peak memory of a fresh process that loads and runs it; empty where the system does not report it
 */
public record ModelMeasurements(
        String name,
        long bytes,
        Optional<TaskMetrics> metrics,
        List<RelativeError> outputErrors,
        Latency latency,
        FiveNumberSummary speedup,
        OptionalLong peakBytes) {
    public ModelMeasurements {
        outputErrors = List.copyOf(outputErrors);
    }

    /** Returns the error of the output with the largest error. */
    OptionalDouble worstOutputError() {
        return outputErrors.stream().mapToDouble(RelativeError::relative).max();
    }
}
