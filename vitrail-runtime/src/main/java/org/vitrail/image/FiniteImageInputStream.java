package org.vitrail.image;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * The content of a picture file that may be read past its end only a few times. Decoders look ahead a little, but some
 * go on without data for every pixel that is left, slowly, and return noise; the bound ends that.
 */
final class FiniteImageInputStream extends MemoryCacheImageInputStream {
    private static final int MAX_READS_PAST_END = 256;

    private int readsPastEnd;

    FiniteImageInputStream(byte[] file) {
        super(new ByteArrayInputStream(file));
    }

    @Override
    public int read() throws IOException {
        return counted(super.read());
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
        return counted(super.read(to, offset, length));
    }

    private int counted(int result) {
        if (result < 0 && ++readsPastEnd > MAX_READS_PAST_END) {
            throw new IllegalStateException("the file ends before the image is complete");
        }
        return result;
    }
}
