package org.vitrail.report;

import java.util.Optional;
import java.util.OptionalLong;
import org.vitrail.verify.Latency;
import org.vitrail.verify.Metrics;
import org.vitrail.verify.Spread;

/**
 * What was measured of one model beside others.
 *
 * @param name how people know it: its file, or what it is
 * @param bytes of its files
 * @param metrics on the images, compared with the first model; empty where there were no images
 * @param latency of one picture
 * @param speedup how many times faster it is than the first model, from interleaved rounds
 * @param peakBytes of a fresh process that loads and runs it; empty where the system does not tell
 */
public record ModelFigures(
        String name, long bytes, Optional<Metrics> metrics, Latency latency, Spread speedup, OptionalLong peakBytes) {}
