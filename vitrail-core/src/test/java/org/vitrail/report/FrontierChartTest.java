package org.vitrail.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.knowm.xchart.XYChart;

class FrontierChartTest {
    private static FrontierReport.Point point(double bits, double sensitivity, boolean chosen) {
        return new FrontierReport.Point(
                (long) (bits * 1000), bits, (long) (bits * 125), sensitivity, chosen, List.of((int) bits));
    }

    private static FrontierReport report(FrontierReport.Point... points) {
        return new FrontierReport("divergence", "weight bits", List.of("block 0 MLP"), List.of(points));
    }

    @Test
    void namesTheChosenPoint() {
        XYChart chart = FrontierChart.chart(report(point(4, .02, false), point(6, .003, true), point(8, .0004, false)));

        assertThat(chart.getSeries("chosen: 6.00 bits, nominally 750 B").getYData())
                .containsExactly(.003);
        assertThat(chart.getStyler().getYAxisMin()).isEqualTo(1e-4);
        assertThat(chart.getStyler().getYAxisMax()).isEqualTo(.1);
    }

    @Test
    void drawsZeroBelowAllThatIsMore() {
        XYChart chart = FrontierChart.chart(report(point(4, .02, false), point(6, .003, false), point(8, 0, true)));

        assertThat(chart.getYAxisTitle()).endsWith("(bottom: 0)");
        assertThat(chart.getStyler().getYAxisMin()).isEqualTo(1e-4);
        assertThat(chart.getSeries("best choices, one for each size").getYData())
                .containsExactly(.02, .003, 1e-4);
    }

    @Test
    void drawsAFrontierOfOnePointThatCostsNothing() {
        FrontierReport report = report(point(8, 0, true));

        assertThat(FrontierChart.svg(report))
                .isEqualTo(FrontierChart.svg(report))
                .contains("</svg>")
                .doesNotContain("NaN");
    }
}
