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
 * Packs files into Zstandard archives (RFC 8878) and unpacks them: one frame with the content size and a checksum.
 * Entropy coding stores b-bit quantized weights in fewer than b bits each, because values far from zero are rare.
 *
 * <p>Archives are untrusted. The content size is checked before memory is allocated: at most {@link #MAX_UNPACKED_BYTES}
 * bytes, and at most {@link #MAX_RATIO} times the archive's own size. Exactly that many bytes are then allocated;
 * Zstandard writes no further and refuses an archive that holds more or less. Unpacking goes from buffer to buffer, so a
 * frame cannot request memory for a window. The size of a frame that does not declare it, as {@code zstd} writes of a
 * pipe, is first counted by unpacking it piece by piece, up to the same limits and with a window of 128 MB at most.
 */
final class ZstdArchive {
    static final String SUFFIX = ".zst";

    /** The largest model that is packed or unpacked: 1 GB. */
    static final int MAX_UNPACKED_BYTES = 1 << 30;

    /**
     * The largest ratio of unpacked to packed bytes. 2-bit weights stored in a byte each reach 5, float weights 1.1.
     */
    static final int MAX_RATIO = 100;

    /** The ratio is not checked up to this unpacked size: small models of many similar nodes compress well. */
    static final int RATIO_CHECK_THRESHOLD_BYTES = 16 << 20;

    /** Bytes that are unpacked at a time to count them. */
    private static final int PIECE_BYTES = 1 << 20;

    private static final int MAGIC = 0xFD2FB528;

    /**
     * The compression level, from 1 to 22; higher levels make decoders need larger windows, and weights become no
     * smaller.
     */
    private static final int COMPRESSION_LEVEL = 19;

    /**
     * The number of bytes that must repeat before they are stored as a repetition. Weights repeat by chance only, and
     * the short repetitions that the level would use cost more than the entropy coding that they replace.
     */
    private static final int MIN_MATCH = 7;

    private ZstdArchive() {}

    /** Returns whether a file is an archive, by its first bytes. */
    static boolean recognises(ByteBuffer file) {
        return file.limit() >= Integer.BYTES
                && file.duplicate().order(ByteOrder.LITTLE_ENDIAN).getInt(0) == MAGIC;
    }

    /** Packs a direct buffer's bytes; the archive is the same each time. */
    static ByteBuffer pack(ByteBuffer bytes) {
        try (ZstdCompressCtx context = new ZstdCompressCtx()) {
            return context.setLevel(COMPRESSION_LEVEL)
                    .setMinMatch(MIN_MATCH)
                    .setChecksum(true)
                    .setContentSize(true)
                    .compress(bytes);
        }
    }

    /** Unpacks an archive into a direct buffer; {@code path} names the archive in messages. */
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
                    path + " unpacks to " + (size >> 20)
                            + " MB, for which there is not enough memory: unpack it with zstd -d,"
                            + " or give Java more memory with -Xmx",
                    e);
        }
    }

    /** Returns the unpacked size that an archive declares, after checking that it is plausible. */
    private static int size(Path path, ByteBuffer archive) {
        long frame = Zstd.findDirectByteBufferFrameCompressedSize(archive, 0, archive.limit());
        if (Zstd.isError(frame)) {
            throw damaged(path, Zstd.getErrorName(frame), null);
        }
        if (frame != archive.limit()) {
            throw new VitrailException(path + " holds more than one Zstandard frame: compress the model again as one");
        }
        long declared = Zstd.getDirectByteBufferFrameContentSize(archive, 0, archive.limit(), false);
        long size = declared < 0 ? counted(path, archive) : declared;
        if (size == 0) {
            throw new VitrailException(path + " is the archive of an empty file");
        }
        if (size > MAX_UNPACKED_BYTES) {
            throw new VitrailException(
                    path + " unpacks to " + (size >> 20) + " MB, more than the " + (MAX_UNPACKED_BYTES >> 20)
                            + " MB that an archive may hold: if you trust it, unpack it with zstd -d");
        }
        if (size > RATIO_CHECK_THRESHOLD_BYTES && size > (long) MAX_RATIO * archive.limit()) {
            throw new VitrailException(
                    path + " unpacks to " + (declared < 0 ? "more than " : "") + size / archive.limit()
                            + " times its size, more than the " + MAX_RATIO
                            + " times that a model can reach: if you trust it, unpack it with zstd -d");
        }
        return (int) size;
    }

    /** Returns the unpacked size of a frame, or a size above the limits as soon as it has passed them. */
    private static long counted(Path path, ByteBuffer archive) {
        long limit =
                Math.min(MAX_UNPACKED_BYTES, Math.max(RATIO_CHECK_THRESHOLD_BYTES, (long) MAX_RATIO * archive.limit()));
        ByteBuffer piece = ByteBuffer.allocateDirect(PIECE_BYTES);
        ByteBuffer packed = archive.duplicate().rewind();
        long size = 0;
        try (ZstdDecompressCtx context = new ZstdDecompressCtx()) {
            boolean ended = false;
            while (!ended && size <= limit) {
                int before = packed.position();
                ended = context.decompressDirectByteBufferStream(piece.clear(), packed);
                size += piece.position();
                if (!ended && piece.position() == 0 && packed.position() == before) {
                    throw damaged(path, "it ends too early", null);
                }
            }
            return size;
        } catch (ZstdException e) {
            throw damaged(path, e.getMessage(), e);
        }
    }

    private static VitrailException damaged(Path path, String reason, Throwable cause) {
        return new VitrailException(
                path + " is an archive that is cut short or damaged (" + reason + "): copy or compress it again",
                cause);
    }
}
