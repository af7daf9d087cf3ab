package org.vitrail.benchmarks;

import java.io.PrintStream;
import java.util.List;
import java.util.function.DoubleFunction;
import org.vitrail.tensor.VitrailException;

/** Compares measurements with targets, prints the outcome of each, and derives the exit code from all of them. */
final class Targets {
    static final int ALL_REACHED = 0;
    static final int MISSED = 1;
    static final int UNUSABLE_INPUT = 2;

    private final PrintStream out;
    private boolean reached = true;

    private Targets(PrintStream out) {
        this.out = out;
    }

    /** A program that measures and compares its results with targets. */
    interface Program {
        void measure(List<String> arguments, Targets targets);
    }

    /** Runs a program and returns the process's exit code. */
    static int run(Program program, PrintStream out, PrintStream err, String... arguments) {
        Targets targets = new Targets(out);
        try {
            program.measure(List.of(arguments), targets);
            return targets.reached ? ALL_REACHED : MISSED;
        } catch (VitrailException e) {
            err.println(e.getMessage());
            return UNUSABLE_INPUT;
        }
    }

    void say(String line) {
        out.println(line);
    }

    /** Requires that a value is not below the target; NaN misses it. */
    void atLeast(String what, double target, double measured, DoubleFunction<String> unit) {
        outcome(measured >= target, what, "at least " + unit.apply(target), unit.apply(measured));
    }

    /** Requires that a value is not above the target; NaN misses it. */
    void atMost(String what, double target, double measured, DoubleFunction<String> unit) {
        outcome(measured <= target, what, "at most " + unit.apply(target), unit.apply(measured));
    }

    private void outcome(boolean holds, String what, String wanted, String measured) {
        reached &= holds;
        out.println((holds ? "reached: " : "MISSED:  ") + what + " " + wanted + ", measured " + measured);
    }
}
