package org.vitrail.allocate;

import org.vitrail.quantizer.BitWidth;
import org.vitrail.tensor.VitrailException;

/** The constraint on a choice of bit widths. */
public sealed interface Budget {
    /** The kind and its settings as one text, of a form that stays. */
    default String describe() {
        return switch (this) {
            case AverageBits budget -> "AverageBits[bits=" + budget.bits() + "]";
            case FileSize budget -> "FileSize[bytes=" + budget.bytes() + ", compressed=" + budget.compressed() + "]";
            case Agreement budget -> "Agreement[share=" + budget.share() + "]";
        };
    }

    /**
     * A limit on the average bits of the weights in the modules.
     *
     * @param bits 2 to 10
     */
    record AverageBits(double bits) implements Budget {
        public AverageBits {
            if (!(bits >= BitWidth.MIN_BITS && bits <= BitWidth.MAX_BITS)) {
                throw new VitrailException("the average bits lie between " + BitWidth.MIN_BITS + " and "
                        + BitWidth.MAX_BITS + ", got " + bits);
            }
        }
    }

    /**
     * A limit on the bytes of the written file.
     *
     * @param compressed whether the file is written as an archive, whose size then counts
     */
    record FileSize(long bytes, boolean compressed) implements Budget {
        public FileSize {
            if (bytes < 1) {
                throw new VitrailException("a file has a byte at least, got a size of " + bytes);
            }
        }
    }

    /**
     * The smallest choice whose predictions equal the float model's for at least this share of the calibration images.
     *
     * @param share 0 to 1
     */
    record Agreement(double share) implements Budget {
        public Agreement {
            if (!(share >= 0 && share <= 1)) {
                throw new VitrailException("an agreement is a share between 0 and 1, as 0.98, got " + share);
            }
        }
    }
}
