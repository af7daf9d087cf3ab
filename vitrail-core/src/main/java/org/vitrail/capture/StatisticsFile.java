package org.vitrail.capture;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.vitrail.tensor.VitrailException;
import org.vitrail.wire.WireFormat;
import org.vitrail.wire.WireInput;
import org.vitrail.wire.WireOutput;

/**
 * Writes {@link ActivationStatistics} for another process, and reads them: a versioned binary form, big endian, of the
 * extremes, the partial sums and the sampled rows. Statistics that were written and read merge as those that were not.
 */
public final class StatisticsFile {
    private static final WireFormat FORMAT = new WireFormat(0x56495453, 1, "calibration statistics");
    private static final int MAX_CHANNELS = 1 << 15;
    private static final int MAX_EXAMPLE_ROWS = 1 << 24;

    private StatisticsFile() {}

    public static void write(ActivationStatistics statistics, OutputStream stream) throws IOException {
        WireOutput out = FORMAT.begin(stream);
        out.integer(statistics.channels());
        out.floats(statistics.least());
        out.floats(statistics.most());
        List<BlockedSum.Part<ActivationStatistics.Sums>> parts = statistics.parts();
        out.integer(parts.size());
        for (BlockedSum.Part<ActivationStatistics.Sums> part : parts) {
            out.longInteger(part.from());
            out.longInteger(part.to());
            out.floats(part.sum().gram());
            out.doubles(part.sum().weighted());
            out.doubles(part.sum().counts());
        }
        out.integer(statistics.samples().size());
        for (Map.Entry<Long, ActivationStatistics.Rows> sample :
                statistics.samples().entrySet()) {
            out.longInteger(sample.getKey());
            out.integer(sample.getValue().weights().length);
            out.floats(sample.getValue().values());
            out.floats(sample.getValue().weights());
        }
        out.flush();
    }

    /**
     * The statistics that {@link #write} wrote.
     *
     * @param name the source in messages
     * @throws VitrailException when these are no statistics, those of another version, or damaged ones
     */
    public static ActivationStatistics read(InputStream stream, String name) throws IOException {
        return FORMAT.read(stream, name, StatisticsFile::read);
    }

    private static ActivationStatistics read(WireInput in) throws IOException {
        int channels = in.count(1, MAX_CHANNELS);
        float[] least = in.floats(channels);
        float[] most = in.floats(channels);
        int partCount = in.count(0, Integer.MAX_VALUE);
        List<BlockedSum.Part<ActivationStatistics.Sums>> parts = new ArrayList<>();
        for (int i = 0; i < partCount; i++) {
            long from = in.longInteger();
            long to = in.longInteger();
            ActivationStatistics.Sums sums = new ActivationStatistics.Sums(
                    in.floats(Math.multiplyExact(channels, channels)), in.doubles(channels), in.doubles(2));
            parts.add(new BlockedSum.Part<>(from, to, sums));
        }
        int sampleCount = in.count(0, Integer.MAX_VALUE);
        Map<Long, ActivationStatistics.Rows> samples = new TreeMap<>();
        for (int i = 0; i < sampleCount; i++) {
            long example = in.longInteger();
            int rows = in.count(0, MAX_EXAMPLE_ROWS);
            float[] values = in.floats(Math.multiplyExact(rows, channels));
            samples.put(example, new ActivationStatistics.Rows(values, in.floats(rows)));
        }
        return ActivationStatistics.of(least, most, parts, samples);
    }
}
