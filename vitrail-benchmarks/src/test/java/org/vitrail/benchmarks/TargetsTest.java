package org.vitrail.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.vitrail.report.Units;
import org.vitrail.tensor.VitrailException;
import org.vitrail.verify.CpuInfo;
import org.vitrail.verify.CpuInfo.Instructions;

class TargetsTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(Targets.Program program) {
        return Targets.run(program, new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8));
    }

    @Test
    void reachesATargetThatIsMetExactly() {
        int exitCode = run((arguments, targets) -> {
            targets.atLeast("speedup", 1.55, 1.55, Units::ratio);
            targets.atMost("time", 60, 60, Units::duration);
        });

        assertThat(exitCode).isEqualTo(Targets.ALL_REACHED);
        assertThat(out.toString(UTF_8)).contains("reached: speedup at least 1.55 ×, measured 1.55 ×");
    }

    @Test
    void missesWhenOneOfTwoTargetsIsMissed() {
        int exitCode = run((arguments, targets) -> {
            targets.atMost("time", 60, 61, Units::duration);
            targets.atLeast("speedup", 1.55, 2, Units::ratio);
        });

        assertThat(exitCode).isEqualTo(Targets.MISSED);
        assertThat(out.toString(UTF_8)).contains("MISSED:  time at most 1 min 00 s, measured 1 min 01 s");
    }

    @Test
    void missesWhatIsNotANumber() {
        assertThat(run((arguments, targets) -> targets.atLeast("speedup", 1, Double.NaN, Units::ratio)))
                .isEqualTo(Targets.MISSED);
    }

    @Test
    void tellsUnusableInputFromAMissedTarget() {
        int exitCode = run((arguments, targets) -> {
            throw new VitrailException("no such file");
        });

        assertThat(exitCode).isEqualTo(Targets.UNUSABLE_INPUT);
        assertThat(err.toString(UTF_8)).isEqualTo("no such file" + System.lineSeparator());
    }

    @Test
    void asksLessOfProcessorsWithoutVnniAndNothingOfUnknownOnes() {
        assertThat(LatencyBenchmark.target(new CpuInfo("a server", 2, List.of(Instructions.AVX2, Instructions.VNNI))))
                .isEqualTo(OptionalDouble.of(1.55));
        assertThat(LatencyBenchmark.target(new CpuInfo("a desktop", 2, List.of(Instructions.AVX2))))
                .isEqualTo(OptionalDouble.of(1.15));
        assertThat(LatencyBenchmark.target(new CpuInfo("a phone", 8, List.of(Instructions.NEON))))
                .isEqualTo(OptionalDouble.empty());
    }
}
