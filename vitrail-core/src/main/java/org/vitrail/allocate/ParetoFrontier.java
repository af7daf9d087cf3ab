package org.vitrail.allocate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The choices of one width a module that no other choice beats: sizes grow from point to point and the sum of
 * sensitivities shrinks.
 *
 * @param points the smallest first
 */
public record ParetoFrontier(List<Point> points) {

    /**
     * One choice.
     *
     * @param size Σ of its modules' sizes, in the unit that these were given in
     * @param sensitivity Σ Ω_i(b_i)
     * @param choice for each module the index of its width
     */
    public record Point(long size, double sensitivity, List<Integer> choice) {
        public Point {
            choice = List.copyOf(choice);
        }
    }

    public ParetoFrontier {
        points = List.copyOf(points);
    }

    /** A choice for the first modules, as the width of the last of them and the choice for those before. */
    private record State(long size, double cost, State before, int width) {}

    /**
     * The whole frontier, exactly: module by module, every undominated choice for the modules before is continued by
     * every width, and what is dominated is dropped (Nemhauser and Ullmann, 1969). A continuation of a dominated choice
     * is dominated too, so nothing is lost.
     *
     * @param sizes of each module (rows) at each width (columns), not negative
     * @param costs Ω of each module at each width
     */
    public static ParetoFrontier of(long[][] sizes, double[][] costs) {
        if (sizes.length == 0 || sizes.length != costs.length) {
            throw new IllegalArgumentException("a frontier needs modules with sizes and costs, got " + sizes.length
                    + " and " + costs.length + " rows");
        }
        List<State> states = List.of(new State(0, 0, null, -1));
        for (int module = 0; module < sizes.length; module++) {
            List<State> longer = new ArrayList<>();
            for (int width = 0; width < sizes[module].length; width++) {
                if (!(costs[module][width] >= 0 && costs[module][width] < Double.POSITIVE_INFINITY)) {
                    throw new IllegalArgumentException(
                            "a sensitivity is a finite number of at least 0, got " + costs[module][width]);
                }
                for (State state : states) {
                    longer.add(new State(
                            Math.addExact(state.size, sizes[module][width]),
                            state.cost + costs[module][width],
                            state,
                            width));
                }
            }
            states = undominated(longer);
        }
        return new ParetoFrontier(
                states.stream().map(state -> point(state, sizes.length)).toList());
    }

    /** Of equal choices the first stays. */
    private static List<State> undominated(List<State> states) {
        states.sort(Comparator.comparingLong(State::size).thenComparingDouble(State::cost));
        List<State> kept = new ArrayList<>();
        for (State state : states) {
            if (kept.isEmpty() || state.cost < kept.getLast().cost) {
                kept.add(state);
            }
        }
        return kept;
    }

    private static Point point(State last, int modules) {
        Integer[] choice = new Integer[modules];
        State state = last;
        for (int module = modules - 1; module >= 0; module--) {
            choice[module] = state.width;
            state = state.before;
        }
        return new Point(last.size, last.cost, Arrays.asList(choice));
    }

    /** The best choice of no more than this size; empty where even the smallest is larger. */
    public Optional<Point> within(long size) {
        return points.reversed().stream().filter(point -> point.size <= size).findFirst();
    }

    public Point smallest() {
        return points.getFirst();
    }

    public Point largest() {
        return points.getLast();
    }
}
