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
 * What was measured of one model beside others.
 *
 * @param name how people know it: its file, or what it is
 * @param bytes of its files
 * @param metrics on the images, compared with the first model; empty where there were no images
 * @param outputErrors of each output on the images, relative to that of the first model
 * @param latency of one picture
 * @param speedup how many times faster it is than the first model, from interleaved rounds
 * @param peakBytes of a fresh process that loads and runs it; empty where the system does not tell
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

    /** Of the output that strays most. */
    OptionalDouble worstOutputError() {
        return outputErrors.stream().mapToDouble(RelativeError::relative).max();
    }
}
