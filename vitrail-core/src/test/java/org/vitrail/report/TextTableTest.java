package org.vitrail.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.vitrail.report.TextTable.Column;

class TextTableTest {
    @Test
    void setsWordsLeftAndNumbersRightUnderTheirHeadings() {
        TextTable table = new TextTable(Column.left("model"), Column.right("top-1"), Column.left(""))
                .row("float", "80.00 %")
                .row("int8 – α", "7.5 %", "slow");

        assertThat(table.lines()).containsExactly("model       top-1", "float     80.00 %", "int8 – α    7.5 %  slow");
    }

    @Test
    void leavesOutAHeadingThatNoColumnHas() {
        assertThat(new TextTable(Column.left(""), Column.right(""))
                        .row("a", "1")
                        .row("bb", "10")
                        .lines())
                .containsExactly("a    1", "bb  10");
    }

    @Test
    void refusesARowThatIsLongerThanTheTable() {
        assertThatThrownBy(() -> new TextTable(Column.left("one")).row("1", "2"))
                .hasMessage("a row has 2 cells, the table 1 columns");
    }

    @Test
    void writesUnitsAsPeopleReadThem() {
        assertThat(Units.bytes(5_717_416)).isEqualTo("5.72 MB");
        assertThat(Units.bytes(999)).isEqualTo("999 B");
        assertThat(Units.bytes(999_999)).isEqualTo("1.00 MB");
        assertThat(Units.count(1_258_000_000)).isEqualTo("1.26 G");
        assertThat(Units.percent(0.97231)).isEqualTo("97.23 %");
        assertThat(Units.millis(12.345)).isEqualTo("12.3 ms");
        assertThat(Units.millis(1234)).isEqualTo("1.23 s");
        assertThat(Units.duration(79.9)).isEqualTo("1 min 20 s");
        assertThat(Units.duration(7500)).isEqualTo("2 h 05 min");
        assertThat(Units.digits(0.000012)).isEqualTo("1.20e-05");
        assertThat(Units.spread(0.0189, 0.00212)).isEqualTo("0.0189 ± 0.0021");
        assertThat(Units.spread(1.2345, 0.0512)).isEqualTo("1.23 ± 0.05");
        assertThat(Units.spread(0.000012, 0.000001)).isEqualTo("1.20e-05 ± 1.00e-06");
        assertThat(Units.change(-0.067)).isEqualTo("−6.7 %");
        assertThat(Units.change(0.5)).isEqualTo("+50.0 %");
        assertThat(Units.change(Double.POSITIVE_INFINITY)).isEqualTo("–");
        assertThat(Units.plural(1, "class", "classes") + ", " + Units.plural(2, "class", "classes"))
                .isEqualTo("1 class, 2 classes");
    }

    @Test
    void writesJsonThatEveryProgramCanRead() {
        record Figures(String model, double drop, float kl, OptionalDouble top1, OptionalDouble top5) {}

        assertThat(JsonReport.of(new Figures("δ", Double.NaN, 0.5f, OptionalDouble.of(0.8), OptionalDouble.empty())))
                .isEqualTo("""
                        {
                          "model" : "δ",
                          "drop" : null,
                          "kl" : 0.5,
                          "top1" : 0.8,
                          "top5" : null
                        }
                        """);
    }
}
