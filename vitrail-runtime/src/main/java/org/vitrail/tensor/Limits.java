package org.vitrail.tensor;

/**
 * The bounds on untrusted models, pictures and texts. Each is checked before the memory or time that it bounds is
 * spent. They are far beyond real inputs; a file that exceeds one is refused with a sentence, or, where that is safe,
 * left as it is.
 */
public final class Limits {
    /** The number of axes of a tensor. Attention over windows needs 6; NumPy stops at 64. */
    public static final int MAX_RANK = 32;

    /** The nodes of a model, those of sub-graphs and of inlined functions included. Large transformers have 20,000. */
    public static final int MAX_NODES = 100_000;

    /** The depth to which functions of a model may call each other. PyTorch's exporter nests modules about 10 deep. */
    public static final int MAX_FUNCTION_DEPTH = 64;

    /** The elements of a weight that is stored sparsely: ONNX Runtime writes it out when it loads the model. */
    public static final long MAX_SPARSE_ELEMENTS = 1L << 26;

    /** The elements to which any constant may be folded; larger constants may be folded up to the file's own size. */
    public static final long MAX_FOLDED_ELEMENTS = 1L << 18;

    /**
     * The elements of all constants that one pass of constant folding computes, beyond four times those in the file:
     * 16 constants of the largest size.
     */
    public static final long MAX_FOLDED_TOTAL = 16 * MAX_FOLDED_ELEMENTS;

    /** The passes of constant folding over a graph. Exported models need 3; each pass takes time in proportion. */
    public static final int MAX_FOLDING_PASSES = 20;

    /** The pixels of a picture. Larger pictures are more likely decompression bombs than photographs. */
    public static final long MAX_PICTURE_PIXELS = 100_000_000;

    /** The bytes of a picture's samples while it is decoded; a 16-bit RGBA pixel takes 8. */
    public static final long MAX_SAMPLE_BYTES = 400_000_000;

    /** A side of a picture. JPEG ends at 65,535; a longer one is a strip that no model sees anything in. */
    public static final int MAX_PICTURE_SIDE = 1 << 18;

    /** The scans of a JPEG file, each of which may go over all pixels. Progressive files have 10. */
    public static final int MAX_JPEG_SCANS = 100;

    /** The bytes of a picture file. The largest photographs take a tenth. */
    public static final long MAX_PICTURE_BYTES = 256L << 20;

    /**
     * The pixels that a byte of a picture file may stand for, beyond {@link #FREE_PICTURE_PIXELS}: a plain area of one
     * bit a pixel reaches 8,256 in PNG, whose compression reaches 1,032 bytes for each byte.
     */
    public static final long MAX_PIXELS_PER_BYTE = 8_256;

    /** The pixels that a picture may have whatever its number of bytes: WebP stores a plain area in 50 bytes. */
    public static final long FREE_PICTURE_PIXELS = 1L << 24;

    /** The pixels of a picture after resizing, cropping and padding: 5,792 by 5,792. */
    public static final long MAX_INPUT_PIXELS = 1L << 25;

    /** The bytes of a configuration, labels or class names file that is read whole. */
    public static final long MAX_TEXT_BYTES = 64L << 20;

    /** The bytes of a plan file that each weight of the model may take: two bytes in Base64 are 2.7. */
    public static final long MAX_PLAN_BYTES_PER_CODE = 3;

    /** The bytes of a plan file beside the codes of weights: names, quantizers and metadata. */
    public static final long MAX_PLAN_BYTES_BESIDE_CODES = 16L << 20;

    /** The depth of objects and arrays in a plan file, which are 8 deep. */
    public static final int MAX_PLAN_DEPTH = 16;

    /** The characters of a message. */
    public static final int MAX_MESSAGE_LENGTH = 2000;

    /** The characters of a word of a message, such as a name or a path. */
    public static final int MAX_WORD_LENGTH = 300;

    private Limits() {}
}
