package org.vitrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.vitrail.work.Progress;

class ProgressBarTest {
    private final StringWriter screen = new StringWriter();
    private final AtomicLong nanos = new AtomicLong();

    @Test
    void showsRateAndRemainingTimeAndWipesTheLineAway() {
        ProgressBar bar = bar(80);
        try (Progress.Stage stage = bar.begin("evaluating", 100)) {
            for (int i = 0; i < 25; i++) {
                stage.step();
            }
            nanos.set(5_000_000_000L);
            bar.draw();
            assertThat(lastLine()).isEqualTo("evaluating  ━━━━━━━───────────────────────  25/100  5.00/s  15 s left");
        }
        assertThat(lastLine()).isEmpty();
    }

    @Test
    void saysNothingOfWorkThatIsDoneWithinASecond() {
        ProgressBar bar = bar(80);
        try (Progress.Stage stage = bar.begin("searching", 2)) {
            nanos.set(900_000_000L);
            stage.step();
            bar.draw();
        }
        assertThat(screen.toString()).isEmpty();
    }

    @Test
    void showsTheInnermostOfTwoStages() {
        ProgressBar bar = bar(80);
        try (Progress.Stage outer = bar.begin("block", 12)) {
            nanos.set(2_000_000_000L);
            outer.step();
            try (Progress.Stage inner = bar.begin("layer", 4)) {
                nanos.set(6_000_000_000L);
                inner.step();
                bar.draw();
                assertThat(lastLine()).startsWith("layer ").contains("1/4  4.0 s each  12 s left");
            }
            bar.draw();
            assertThat(lastLine()).startsWith("block ").contains("1/12");
        }
    }

    @Test
    void neverWrapsInANarrowTerminal() {
        ProgressBar bar = bar(24);
        try (Progress.Stage stage = bar.begin("capturing activations", 100)) {
            nanos.set(5_000_000_000L);
            stage.step();
            bar.draw();
            assertThat(lastLine()).hasSize(23);
        }
    }

    private ProgressBar bar(int columns) {
        return new ProgressBar(new PrintWriter(screen, true), columns, false, nanos::get);
    }

    private String lastLine() {
        String all = screen.toString();
        return all.substring(all.lastIndexOf("\u001b[K") + 3);
    }
}
