package org.vitrail.capture;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BinaryOperator;

/**
 * Adds up terms of numbered examples in one order, whatever the order in which they arrive and however they are split
 * over workers: floating-point sums of the same examples are the same to the bit.
 *
 * <p>The terms of a block of {@link #BLOCK} examples are added in their order; blocks are added pairwise, as the leaves
 * of a binary tree over the numbers of the examples. Partial sums wait until the one that they are added to is there. A
 * contiguous range of n examples waits in at most {@code log2(n / BLOCK) + 2} partial sums ({@link #mostParts}), one that begins inside of a
 * block in up to BLOCK more.
 *
 * @param <T> a term; {@code plus} may write its result into the left operand
 */
final class BlockedSum<T> {
    /** Examples whose terms are added one after the other. */
    static final int BLOCK = 32;

    private final BinaryOperator<T> plus;
    private final TreeMap<Long, Part<T>> parts = new TreeMap<>();

    /** The sum of the terms of the examples from {@code from} up to {@code to}, without it. */
    record Part<T>(long from, long to, T sum) {
        Part {
            if (from < 0 || to <= from) {
                throw new IllegalArgumentException("a part covers at least one example, got " + from + " to " + to);
            }
        }

        private long length() {
            return to - from;
        }
    }

    BlockedSum(BinaryOperator<T> plus) {
        this.plus = plus;
    }

    /** Adds the term of one example, which belongs to this sum from now on. */
    void add(long example, T term) {
        add(new Part<>(example, example + 1, term));
    }

    /** Adds the partial sums of other examples, which belong to this sum from now on. */
    void add(Collection<Part<T>> more) {
        more.forEach(this::add);
    }

    private void add(Part<T> part) {
        Map.Entry<Long, Part<T>> before = parts.lowerEntry(part.to);
        if (before != null && before.getValue().to > part.from) {
            throw new IllegalArgumentException("example " + Math.max(part.from, before.getValue().from)
                    + " has been added already: each example counts once");
        }
        Part<T> grown = part;
        boolean joined = true;
        while (joined) {
            Map.Entry<Long, Part<T>> left = parts.lowerEntry(grown.from);
            Map.Entry<Long, Part<T>> right = parts.higherEntry(grown.from);
            if (left != null && areAddedNext(left.getValue(), grown)) {
                grown = join(left.getValue(), grown);
            } else if (right != null && areAddedNext(grown, right.getValue())) {
                grown = join(grown, right.getValue());
            } else {
                joined = false;
            }
        }
        parts.put(grown.from, grown);
    }

    private Part<T> join(Part<T> left, Part<T> right) {
        parts.remove(left.from);
        parts.remove(right.from);
        return new Part<>(left.from, right.to, plus.apply(left.sum, right.sum));
    }

    /**
     * Returns whether these two are the next operands in the fixed order of additions: an example and its block, or two
     * adjacent blocks.
     */
    private static boolean areAddedNext(Part<?> left, Part<?> right) {
        if (left.to != right.from) {
            return false;
        }
        boolean insideBlock = left.from % BLOCK == 0 && left.length() < BLOCK && right.length() == 1;
        boolean pairOfBlocks =
                left.length() >= BLOCK && left.length() == right.length() && left.from % (2 * left.length()) == 0;
        return insideBlock || pairOfBlocks;
    }

    /** Returns the largest number of partial sums that so many examples, added in their order, wait in. */
    static int mostParts(long examples) {
        long blocks = Math.ceilDiv(examples, BLOCK);
        return blocks <= 1 ? 1 : Long.SIZE - Long.numberOfLeadingZeros(blocks - 1) + 2;
    }

    /** The partial sums, in the order of their examples. */
    List<Part<T>> parts() {
        return List.copyOf(parts.values());
    }

    /**
     * The sum over all examples, from the first on. The partial sums that are left are added from left to right.
     *
     * @param empty the sum over none; the result is written into it
     * @throws IllegalStateException when examples between those that are there are missing
     */
    T total(T empty) {
        T sum = empty;
        long next = 0;
        for (Part<T> part : new ArrayList<>(parts.values())) {
            if (part.from != next) {
                throw new IllegalStateException("the examples from " + next + " to " + (part.from - 1)
                        + " are missing: merge the statistics of all workers first");
            }
            sum = plus.apply(sum, part.sum);
            next = part.to;
        }
        return sum;
    }
}
