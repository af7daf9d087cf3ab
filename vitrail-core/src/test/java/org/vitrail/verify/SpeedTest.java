package org.vitrail.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.vitrail.work.Progress;

class SpeedTest {
    @Test
    void roundsTakeTheModelsInTurnAndEveryOtherRoundInReverse() {
        List<String> runs = new ArrayList<>();

        Speed speed = Speed.measure(
                List.of(() -> runs.add("a"), () -> runs.add("b")), new Speed.Settings(1, 2, 2), Progress.none());

        assertThat(String.join("", runs)).isEqualTo("ab" + "aabb" + "bbaa");
        assertThat(speed.latency(0).p50Millis()).isNotNegative();
    }

    @Test
    void aModelIsAsFastAsItself() {
        Speed speed = Speed.measure(List.of(() -> {}), Speed.Settings.defaults(), Progress.none());

        assertThat(speed.speedup(0, 0).median()).isEqualTo(1);
    }

    @Test
    void quantilesAreInterpolated() {
        Spread spread = Spread.of(4, 1, 2, 3);

        assertThat(spread).isEqualTo(new Spread(1, 1.75, 2.5, 3.25, 4));
        assertThat(Latency.of(new double[][] {{1, 2}, {3, 4}}).p90Millis()).isCloseTo(3.7, within(1e-12));
        assertThat(Latency.of(new double[][] {{8}}).perSecond()).isEqualTo(125);
    }

    @Test
    void rejectsZeroRoundsAndNamesThem() {
        assertThatThrownBy(() -> Speed.Settings.defaults().withRounds(0)).hasMessageContaining("0 rounds");
    }
}
