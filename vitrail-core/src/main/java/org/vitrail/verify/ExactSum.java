package org.vitrail.verify;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.vitrail.wire.WireInput;
import org.vitrail.wire.WireOutput;

/**
 * A sum of doubles that is exact until it is read, and rounded then to the nearest double: the same to the bit whatever
 * the order of the terms and however they are split over partial sums.
 */
final class ExactSum {
    /** Largest number of decimals of a double: the smallest one is 2^-1074. */
    private static final int MAX_SCALE = 1074;

    /** Bytes of 2^63 times the largest double, in units of 10^-1074. */
    private static final int MAX_BYTES = 600;

    private BigDecimal finite = BigDecimal.ZERO;

    /** The sum of the terms that are infinite or NaN; 0 where there are none. */
    private double others;

    void add(double term) {
        if (Double.isFinite(term)) {
            finite = finite.add(new BigDecimal(term));
        } else {
            others += term;
        }
    }

    void add(ExactSum more) {
        finite = finite.add(more.finite);
        others += more.others;
    }

    double value() {
        return others == 0 ? finite.doubleValue() : others;
    }

    void write(WireOutput out) throws IOException {
        out.float64(others);
        out.integer(finite.scale());
        out.sizedBytes(finite.unscaledValue().toByteArray());
    }

    static ExactSum read(WireInput in) throws IOException {
        ExactSum sum = new ExactSum();
        sum.others = in.float64();
        if (sum.others != 0 && Double.isFinite(sum.others)) {
            throw new IllegalArgumentException("a sum of infinite terms of " + sum.others);
        }
        int scale = in.count(0, MAX_SCALE);
        byte[] digits = in.sizedBytes(MAX_BYTES);
        sum.finite = new BigDecimal(new BigInteger(digits), scale);
        return sum;
    }
}
