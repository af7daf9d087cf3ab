package org.vitrail.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.vitrail.work.Progress;

class LatencyMeasurementTest {
    @Test
    void roundsTakeTheModelsInTurnAndEveryOtherRoundInReverse() {
        List<String> runs = new ArrayList<>();

        LatencyMeasurement speed = LatencyMeasurement.measure(
                List.of(() -> runs.add("a"), () -> runs.add("b")),
                new LatencyMeasurement.Settings(1, 2, 2),
                Progress.none());

        assertThat(String.join("", runs)).isEqualTo("ab" + "aabb" + "bbaa");
        assertThat(speed.latency(0).p50Millis()).isNotNegative();
    }

    @Test
    void aModelIsAsFastAsItself() {
        LatencyMeasurement speed =
                LatencyMeasurement.measure(List.of(() -> {}), LatencyMeasurement.Settings.defaults(), Progress.none());

        assertThat(speed.speedup(0, 0).median()).isEqualTo(1);
    }

    @Test
    void quantilesAreInterpolated() {
        FiveNumberSummary spread = FiveNumberSummary.of(4, 1, 2, 3);

        assertThat(spread).isEqualTo(new FiveNumberSummary(1, 1.75, 2.5, 3.25, 4));
        assertThat(Latency.of(new double[][] {{1, 2}, {3, 4}}).p90Millis()).isCloseTo(3.7, within(1e-12));
        assertThat(Latency.of(new double[][] {{8}}).perSecond()).isEqualTo(125);
    }

    @Test
    void rejectsZeroRoundsAndNamesThem() {
        assertThatThrownBy(() -> LatencyMeasurement.Settings.defaults().withRounds(0))
                .hasMessageContaining("0 rounds");
    }
}
