package org.vitrail.wire;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.vitrail.tensor.VitrailException;

/**
 * A binary form of partial results: begins with a number that tells forms apart, and a version.
 *
 * @param magic the first four bytes
 * @param version the version that this program writes, the only one that it reads
 * @param content what the form holds, in messages, such as "calibration statistics"
 */
public record WireFormat(int magic, int version, String content) {
    /** Reads the values that follow the header. */
    public interface Body<T> {
        T read(WireInput in) throws IOException;
    }

    /** Returns the output for what follows the header, which is written here. */
    public WireOutput begin(OutputStream stream) throws IOException {
        WireOutput out = new WireOutput(stream);
        out.integer(magic);
        out.integer(version);
        return out;
    }

    /**
     * Reads what was written after {@link #begin}.
     *
     * @param name the source in messages
     * @param body reads what follows the header; throws IllegalArgumentException for values that cannot be
     * @throws VitrailException when the source holds something else, another version, or is damaged
     */
    public <T> T read(InputStream stream, String name, Body<T> body) throws IOException {
        WireInput in = new WireInput(stream);
        try {
            if (in.integer() != magic) {
                throw new VitrailException(name + " holds no " + content);
            }
            int found = in.integer();
            if (found != version) {
                throw new VitrailException(name + " holds " + content + " of version " + found
                        + ", and this Vitrail reads version " + version + ": use the same Vitrail on all machines");
            }
            return body.read(in);
        } catch (EOFException e) {
            throw new VitrailException(name + " is cut short: gather the " + content + " again", e);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new VitrailException(
                    name + " is damaged (" + e.getMessage() + "): gather the " + content + " again", e);
        }
    }
}
