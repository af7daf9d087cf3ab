package org.vitrail.verify;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.vitrail.wire.WireInput;
import org.vitrail.wire.WireOutput;

/** A set of example numbers, from 0 on, as ranges of consecutive ones; each number is in it once. */
final class ExampleNumbers {
    /** The end of each range, which is not in it, by its first number. */
    private final TreeMap<Integer, Integer> ends = new TreeMap<>();

    void add(int example) {
        add(example, Math.addExact(example, 1));
    }

    /** Adds the numbers of another set, which has none in common with this one. */
    void add(ExampleNumbers more) {
        more.ends.forEach(this::add);
    }

    private void add(int from, int to) {
        Map.Entry<Integer, Integer> before = ends.lowerEntry(to);
        if (from < 0 || to <= from) {
            throw new IllegalArgumentException("examples are numbered from 0 on, got " + from + " to " + to);
        }
        if (before != null && before.getValue() > from) {
            throw new IllegalArgumentException(
                    "example " + Math.max(from, before.getKey()) + " has been added already: each example counts once");
        }
        Integer after = ends.remove(to);
        boolean joins = before != null && before.getValue() == from;
        ends.put(joins ? before.getKey() : from, after == null ? to : after);
    }

    /** Returns how many numbers are in the set. */
    int size() {
        return ends.entrySet().stream()
                .mapToInt(range -> range.getValue() - range.getKey())
                .sum();
    }

    boolean contains(int example) {
        Map.Entry<Integer, Integer> range = ends.floorEntry(example);
        return range != null && range.getValue() > example;
    }

    void write(WireOutput out) throws IOException {
        out.integer(ends.size());
        for (Map.Entry<Integer, Integer> range : ends.entrySet()) {
            out.integer(range.getKey());
            out.integer(range.getValue());
        }
    }

    static ExampleNumbers read(WireInput in) throws IOException {
        ExampleNumbers numbers = new ExampleNumbers();
        int ranges = in.count(0, Integer.MAX_VALUE);
        for (int i = 0; i < ranges; i++) {
            numbers.add(in.integer(), in.integer());
        }
        return numbers;
    }
}
