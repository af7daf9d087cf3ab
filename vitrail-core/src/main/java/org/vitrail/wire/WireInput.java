package org.vitrail.wire;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Reads what {@link WireOutput} wrote. Arrays take memory only as their bytes arrive: a wrong count ends in an
 * EOFException, not in a lack of memory. Values out of their bounds end in an IllegalArgumentException.
 */
public final class WireInput {
    private final DataInputStream in;

    WireInput(InputStream stream) {
        this.in = new DataInputStream(stream);
    }

    public int integer() throws IOException {
        return in.readInt();
    }

    public long longInteger() throws IOException {
        return in.readLong();
    }

    /** Reads a number of things, from {@code least} to {@code most}. */
    public int count(int least, int most) throws IOException {
        int count = in.readInt();
        if (count < least || count > most) {
            throw new IllegalArgumentException("a count of " + count);
        }
        return count;
    }

    public boolean flag() throws IOException {
        int value = in.readByte();
        if (value != 0 && value != 1) {
            throw new IllegalArgumentException("a flag of " + value);
        }
        return value == 1;
    }

    public float float32() throws IOException {
        return in.readFloat();
    }

    public double float64() throws IOException {
        return in.readDouble();
    }

    /** Reads a text of at most so many bytes. */
    public String text(int mostBytes) throws IOException {
        return new String(sizedBytes(mostBytes), StandardCharsets.UTF_8);
    }

    /** Reads at most so many bytes, whose number stands before them. */
    public byte[] sizedBytes(int most) throws IOException {
        return exactly(count(0, most));
    }

    public float[] floats(int count) throws IOException {
        byte[] bytes = exactly((long) count * Float.BYTES);
        float[] values = new float[count];
        ByteBuffer.wrap(bytes).asFloatBuffer().get(values);
        return values;
    }

    public double[] doubles(int count) throws IOException {
        byte[] bytes = exactly((long) count * Double.BYTES);
        double[] values = new double[count];
        ByteBuffer.wrap(bytes).asDoubleBuffer().get(values);
        return values;
    }

    public long[] longs(int count) throws IOException {
        byte[] bytes = exactly((long) count * Long.BYTES);
        long[] values = new long[count];
        ByteBuffer.wrap(bytes).asLongBuffer().get(values);
        return values;
    }

    private byte[] exactly(long count) throws IOException {
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
