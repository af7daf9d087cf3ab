package org.vitrail.onnx;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.vitrail.tensor.VitrailException;

/**
 * A file as a Zstandard archive (RFC 8878): one frame that says how much it holds, with a checksum. Entropy coding
 * brings codes of b bits to fewer than b bits each, since codes far from zero are rare.
 *
 * <p>Archives are untrusted. How much one claims to hold is checked before anything is allocated: at most
 * {@link #MAX_UNPACKED_BYTES} bytes, and at most {@link #MAX_RATIO} times its own size. Just that is then allocated; Zstandard
 * writes no further and refuses an archive that holds more or less. It unpacks from buffer to buffer, so there is no
 * window that a frame could ask memory for.
 */
final class ZstdArchive {
    static final String SUFFIX = ".zst";

    /** The largest model that is packed and unpacked: 1 GB. */
    static final int MAX_UNPACKED_BYTES = 1 << 30;

    /** Bytes that one byte of an archive may stand for. Codes of 2 bits in a byte each stand for 5, float weights 1.1. */
    static final int MAX_RATIO = 100;

    /** What fits into this is not asked for its ratio: small models of much the same nodes. */
    static final int RATIO_CHECK_THRESHOLD_BYTES = 16 << 20;

    private static final int MAGIC = 0xFD2FB528;

    /** Of 1 to 22; beyond it a decoder needs larger windows, and codes become no smaller. */
    private static final int COMPRESSION_LEVEL = 19;

    /**
     * Bytes that must repeat before they are stored as a repetition. Weights repeat by chance only, and the short
     * repetitions that the level would take cost more than the entropy coding that they displace.
     */
    private static final int MIN_MATCH = 7;

    private ZstdArchive() {}

    /** Whether a file is an archive, by its first bytes. */
    static boolean recognises(ByteBuffer file) {
        return file.limit() >= Integer.BYTES
                && file.duplicate().order(ByteOrder.LITTLE_ENDIAN).getInt(0) == MAGIC;
    }

    /** The archive of a direct buffer's bytes; the same bytes every time. */
    static ByteBuffer pack(ByteBuffer bytes) {
        try (ZstdCompressCtx context = new ZstdCompressCtx()) {
            return context.setLevel(COMPRESSION_LEVEL)
                    .setMinMatch(MIN_MATCH)
                    .setChecksum(true)
                    .setContentSize(true)
                    .compress(bytes);
        }
    }

    /** What an archive holds, in a direct buffer; {@code path} names the archive in messages. */
    static ByteBuffer unpack(Path path, ByteBuffer archive) {
        int size = size(path, archive);
        try (ZstdDecompressCtx context = new ZstdDecompressCtx()) {
            ByteBuffer unpacked = ByteBuffer.allocateDirect(size);
            int written = context.decompressDirectByteBuffer(unpacked, 0, size, archive, 0, archive.limit());
            if (written != size) {
                throw damaged(path, "it holds " + written + " bytes instead of " + size, null);
            }
            return unpacked.asReadOnlyBuffer();
        } catch (ZstdException e) {
            throw damaged(path, e.getMessage(), e);
        } catch (OutOfMemoryError e) {
            throw new VitrailException(
                    path + " unpacks to " + (size >> 20) + " MB, for which there is no memory: unpack it with zstd -d,"
                            + " or give Java more with -Xmx",
                    e);
        }
    }

    /** The bytes that an archive says it holds, where that can be believed. */
    private static int size(Path path, ByteBuffer archive) {
        long frame = Zstd.findDirectByteBufferFrameCompressedSize(archive, 0, archive.limit());
        if (Zstd.isError(frame)) {
            throw damaged(path, Zstd.getErrorName(frame), null);
        }
        if (frame != archive.limit()) {
            throw new VitrailException(path + " holds more than one Zstandard frame: compress the model again as one");
        }
        long size = Zstd.getDirectByteBufferFrameContentSize(archive, 0, archive.limit(), false);
        if (size < 0) {
            throw new VitrailException(
                    path + " does not say how much it holds: compress the model again with zstd FILE");
        }
        if (size == 0) {
            throw new VitrailException(path + " is the archive of an empty file");
        }
        if (size > MAX_UNPACKED_BYTES) {
            throw new VitrailException(
                    path + " unpacks to " + (size >> 20) + " MB, more than the " + (MAX_UNPACKED_BYTES >> 20)
                            + " MB that an archive may hold: where you trust it, unpack it with zstd -d");
        }
        if (size > RATIO_CHECK_THRESHOLD_BYTES && size > (long) MAX_RATIO * archive.limit()) {
            throw new VitrailException(
                    path + " unpacks to " + size / archive.limit() + " times its size, more than the " + MAX_RATIO
                            + " times of any model: where you trust it, unpack it with zstd -d");
        }
        return (int) size;
    }

    private static VitrailException damaged(Path path, String reason, Throwable cause) {
        return new VitrailException(
                path + " is an archive that is cut short or damaged (" + reason + "): copy or compress it again",
                cause);
    }
}
