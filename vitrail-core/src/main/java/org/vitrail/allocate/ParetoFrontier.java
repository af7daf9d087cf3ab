package org.vitrail.allocate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The Pareto-optimal choices of one width per module: sizes grow from point to point and the sum of sensitivities
 * shrinks.
 *
 * @param points the choices, the smallest first
 */
public record ParetoFrontier(List<Point> points) {

    /**
     * One choice of widths.
     *
     * @param size the sum of the modules' sizes, in the unit in which these were given
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

    /** A partial choice for the first modules: the width of the last of them and the choice for those before. */
    private record State(long size, double cost, State before, int width) {}

    /**
     * Computes the whole frontier exactly: module by module, every undominated choice for the modules before is
     * extended by every width, and dominated choices are dropped (Nemhauser and Ullmann, 1969). An extension of a
     * dominated choice is dominated too, so no point of the frontier is lost.
     *
     * @param sizes the size of each module (rows) at each width (columns), not negative
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

    /** Returns the undominated states; of equal choices the first stays. */
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

    /** Returns the best choice of at most this size; empty where even the smallest is larger. */
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
