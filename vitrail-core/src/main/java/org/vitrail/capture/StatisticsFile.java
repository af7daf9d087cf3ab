package org.vitrail.capture;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.vitrail.tensor.VitrailException;

/**
 * Writes {@link ActivationStatistics} for another process, and reads them: a versioned binary form, big endian, of the
 * extremes, the partial sums and the sampled rows. Statistics that were written and read merge as those that were not.
 */
public final class StatisticsFile {
    private static final int MAGIC = 0x56495453;
    private static final int VERSION = 1;
    private static final int MAX_CHANNELS = 1 << 15;
    private static final int MAX_EXAMPLE_ROWS = 1 << 24;

    private StatisticsFile() {}

    public static void write(ActivationStatistics statistics, OutputStream stream) throws IOException {
        DataOutputStream out = new DataOutputStream(stream);
        out.writeInt(MAGIC);
        out.writeInt(VERSION);
        out.writeInt(statistics.channels());
        write(statistics.least(), out);
        write(statistics.most(), out);
        List<BlockedSum.Part<ActivationStatistics.Sums>> parts = statistics.parts();
        out.writeInt(parts.size());
        for (BlockedSum.Part<ActivationStatistics.Sums> part : parts) {
            out.writeLong(part.from());
            out.writeLong(part.to());
            write(part.sum().gram(), out);
            write(part.sum().weighted(), out);
            write(part.sum().counts(), out);
        }
        out.writeInt(statistics.samples().size());
        for (Map.Entry<Long, ActivationStatistics.Rows> sample :
                statistics.samples().entrySet()) {
            out.writeLong(sample.getKey());
            out.writeInt(sample.getValue().weights().length);
            write(sample.getValue().values(), out);
            write(sample.getValue().weights(), out);
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
        DataInputStream in = new DataInputStream(stream);
        try {
            if (in.readInt() != MAGIC) {
                throw new VitrailException(name + " holds no calibration statistics");
            }
            int version = in.readInt();
            if (version != VERSION) {
                throw new VitrailException(name + " holds calibration statistics of version " + version
                        + ", and this Vitrail reads version " + VERSION + ": use the same Vitrail on all machines");
            }
            return read(in, name);
        } catch (EOFException e) {
            throw new VitrailException(name + " is cut short: gather the statistics again", e);
        } catch (IllegalArgumentException e) {
            throw new VitrailException(name + " is damaged (" + e.getMessage() + "): gather the statistics again", e);
        }
    }

    private static ActivationStatistics read(DataInputStream in, String name) throws IOException {
        int channels = count(in, 1, MAX_CHANNELS, name);
        float[] least = floats(in, channels);
        float[] most = floats(in, channels);
        int partCount = count(in, 0, Integer.MAX_VALUE, name);
        List<BlockedSum.Part<ActivationStatistics.Sums>> parts = new ArrayList<>();
        for (int i = 0; i < partCount; i++) {
            long from = in.readLong();
            long to = in.readLong();
            ActivationStatistics.Sums sums = new ActivationStatistics.Sums(
                    floats(in, Math.multiplyExact(channels, channels)), doubles(in, channels), doubles(in, 2));
            parts.add(new BlockedSum.Part<>(from, to, sums));
        }
        int sampleCount = count(in, 0, Integer.MAX_VALUE, name);
        Map<Long, ActivationStatistics.Rows> samples = new TreeMap<>();
        for (int i = 0; i < sampleCount; i++) {
            long example = in.readLong();
            int rows = count(in, 0, MAX_EXAMPLE_ROWS, name);
            float[] values = floats(in, Math.multiplyExact(rows, channels));
            samples.put(example, new ActivationStatistics.Rows(values, floats(in, rows)));
        }
        return ActivationStatistics.of(least, most, parts, samples);
    }

    private static int count(DataInputStream in, int least, int most, String name) throws IOException {
        int count = in.readInt();
        if (count < least || count > most) {
            throw new VitrailException(name + " is damaged (a count of " + count + "): gather the statistics again");
        }
        return count;
    }

    private static void write(float[] values, DataOutputStream out) throws IOException {
        byte[] bytes = new byte[values.length * Float.BYTES];
        ByteBuffer.wrap(bytes).asFloatBuffer().put(values);
        out.write(bytes);
    }

    private static void write(double[] values, DataOutputStream out) throws IOException {
        byte[] bytes = new byte[values.length * Double.BYTES];
        ByteBuffer.wrap(bytes).asDoubleBuffer().put(values);
        out.write(bytes);
    }

    /** Reads as many bytes as there are before it takes memory for more: a wrong count ends in a short read. */
    private static float[] floats(DataInputStream in, int count) throws IOException {
        byte[] bytes = exactly(in, (long) count * Float.BYTES);
        float[] values = new float[count];
        ByteBuffer.wrap(bytes).asFloatBuffer().get(values);
        return values;
    }

    private static double[] doubles(DataInputStream in, int count) throws IOException {
        byte[] bytes = exactly(in, (long) count * Double.BYTES);
        double[] values = new double[count];
        ByteBuffer.wrap(bytes).asDoubleBuffer().get(values);
        return values;
    }

    private static byte[] exactly(DataInputStream in, long count) throws IOException {
        if (count > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("an array of " + count + " bytes");
        }
        byte[] bytes = in.readNBytes((int) count);
        if (bytes.length < count) {
            throw new EOFException();
        }
        return bytes;
    }
}
