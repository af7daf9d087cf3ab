package org.vitrail.wire;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Writes numbers and arrays, big endian; arrays without their length unless it says so. */
public final class WireOutput {
    private final DataOutputStream out;

    WireOutput(OutputStream stream) {
        this.out = new DataOutputStream(stream);
    }

    public void integer(int value) throws IOException {
        out.writeInt(value);
    }

    public void longInteger(long value) throws IOException {
        out.writeLong(value);
    }

    public void flag(boolean value) throws IOException {
        out.writeByte(value ? 1 : 0);
    }

    public void float32(float value) throws IOException {
        out.writeFloat(value);
    }

    /** Writes a double; all NaN are written alike. */
    public void float64(double value) throws IOException {
        out.writeDouble(value);
    }

    /** Writes the length and the UTF-8 of a text. */
    public void text(String value) throws IOException {
        sizedBytes(value.getBytes(StandardCharsets.UTF_8));
    }

    /** Writes the length and the bytes. */
    public void sizedBytes(byte[] values) throws IOException {
        out.writeInt(values.length);
        out.write(values);
    }

    public void floats(float[] values) throws IOException {
        byte[] bytes = new byte[Math.multiplyExact(values.length, Float.BYTES)];
        ByteBuffer.wrap(bytes).asFloatBuffer().put(values);
        out.write(bytes);
    }

    public void doubles(double[] values) throws IOException {
        byte[] bytes = new byte[Math.multiplyExact(values.length, Double.BYTES)];
        ByteBuffer.wrap(bytes).asDoubleBuffer().put(values);
        out.write(bytes);
    }

    public void longs(long[] values) throws IOException {
        byte[] bytes = new byte[Math.multiplyExact(values.length, Long.BYTES)];
        ByteBuffer.wrap(bytes).asLongBuffer().put(values);
        out.write(bytes);
    }

    public void flush() throws IOException {
        out.flush();
    }
}
