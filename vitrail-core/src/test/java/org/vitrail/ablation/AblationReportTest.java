package org.vitrail.ablation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AblationReportTest {
    private static final AblationCell.Row SIMILARITY =
            new AblationCell.Row("similarity", false, Set.of(Component.SIMILARITY), Optional.empty());
    private static final AblationCell.Row PAPER = new AblationCell.Row(
            "paper", true, Set.of(Component.SIMILARITY, Component.BIAS_CORRECTION), Optional.empty());
    private static final AblationCell.Row EASYQUANT =
            new AblationCell.Row("easyquant", true, Set.of(), Optional.empty());

    /** Returns the cells of a row with these KLs, seed 7 first. */
    private static List<AblationCell> draws(AblationCell.Row row, String bits, double... kl) {
        List<AblationCell> cells = new ArrayList<>();
        for (int i = 0; i < kl.length; i++) {
            cells.add(new AblationCell(
                    row.label() + bits + i,
                    row,
                    bits,
                    7 + i,
                    "configuration",
                    100,
                    OptionalDouble.of(i == 0 ? 0.7 : 0.72),
                    i == 0 ? 0.8 : 0.82,
                    kl[i],
                    2000,
                    OptionalLong.of(1000 + 100 * i),
                    1500));
        }
        return cells;
    }

    private static AblationReport report(int draws, List<List<AblationCell>> rows) {
        List<AblationReport.Draw> seeds = new ArrayList<>();
        for (int i = 0; i < draws; i++) {
            seeds.add(new AblationReport.Draw(7 + i, "sha" + i));
        }
        return new AblationReport(
                "model.onnx",
                "sha",
                "vitrail",
                new AblationReport.Images(32, seeds, 100, List.of()),
                true,
                8,
                new AblationReport.Original(OptionalDouble.of(0.8), 9000),
                rows.stream().flatMap(List::stream).toList());
    }

    private static AblationReport twoDraws() {
        return report(
                2,
                List.of(
                        draws(EASYQUANT, "W8A8", 0.020, 0.030),
                        draws(SIMILARITY, "W8A8", 0.030, 0.040),
                        draws(PAPER, "W8A8", 0.018, 0.034),
                        draws(EASYQUANT, "W6A6", 0.2, 0.4),
                        draws(SIMILARITY, "W6A6", 0.4, 0.5),
                        draws(PAPER, "W6A6", 0.1, 0.3)));
    }

    @Test
    void showsMeansOverDrawsAndTheSpreadOfKl() {
        assertThat(twoDraws().methods().markdown())
                .containsExactly(
                        "| bits | method | top-1 | agreement | mean KL | KL against first row | file | compressed |"
                                + " nominal |",
                        "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
                        "|  | float | 80.00 % |  |  |  | 9.00 kB |  |  |",
                        "| W8A8 | easyquant | 71.00 % | 81.00 % | 0.0250 ± 0.0071 |  | 2.00 kB | 1.05 kB | 1.50 kB |",
                        "| W8A8 | paper | 71.00 % | 81.00 % | 0.0260 ± 0.0113 | +1.7 % (1 of 2) | 2.00 kB | 1.05 kB |"
                                + " 1.50 kB |",
                        "| W6A6 | easyquant | 71.00 % | 81.00 % | 0.3000 ± 0.1414 |  | 2.00 kB | 1.05 kB | 1.50 kB |",
                        "| W6A6 | paper | 71.00 % | 81.00 % | 0.2000 ± 0.1414 | −37.5 % (2 of 2) | 2.00 kB | 1.05 kB |"
                                + " 1.50 kB |");
    }

    @Test
    void comparesComponentsWithTheFirstRowOfTheirTableDrawByDraw() {
        assertThat(twoDraws().components().lines())
                .anySatisfy(line -> assertThat(line).contains("W8A8", "✓", "0.0260 ± 0.0113", "−27.5 % (2 of 2)"))
                .anySatisfy(line -> assertThat(line).contains("W6A6", "✓", "0.2000 ± 0.1414", "−57.5 % (2 of 2)"))
                .noneSatisfy(line -> assertThat(line).contains("0.0350 ± 0.0071", " of 2)"));
    }

    @Test
    void saysWhichChoicesThereWereAndWhatTheComparisonIs() {
        assertThat(twoDraws().notes().getFirst())
                .startsWith("Means over 2 choices of 32 calibration pictures (seeds 7 to 8), ± their standard"
                        + " deviation, measured on 100;");
        assertThat(twoDraws().notes().get(1)).startsWith("KL against first row: ");
    }

    @Test
    void hasALineForEveryDrawInCsv() {
        assertThat(twoDraws().methodsCsv().lines())
                .hasSize(1 + 2 * 2 * 2)
                .startsWith(
                        "bits,method,seed,top1,agreement,meanKlNats,bytes,compressedBytes,nominalBytes",
                        "W8A8,easyquant,7,0.7,0.8,0.02,2000,1000,1500",
                        "W8A8,easyquant,8,0.72,0.82,0.03,2000,1100,1500",
                        "W8A8,paper,7,0.7,0.8,0.018,2000,1000,1500");
        assertThat(twoDraws().componentsCsv().lines())
                .hasSize(1 + 2 * 2 * 2)
                .contains("W6A6,true,false,true,false,,8,0.72,0.82,0.3,2000,1100,1500");
    }

    @Test
    void hasNeitherSpreadNorComparisonWithOneDraw() {
        AblationReport report = report(1, List.of(draws(EASYQUANT, "W8A8", 0.020), draws(PAPER, "W8A8", 0.018)));

        assertThat(report.methods().markdown())
                .containsExactly(
                        "| bits | method | top-1 | agreement | mean KL | file | compressed | nominal |",
                        "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |",
                        "|  | float | 80.00 % |  |  | 9.00 kB |  |  |",
                        "| W8A8 | easyquant | 70.00 % | 80.00 % | 0.0200 | 2.00 kB | 1.00 kB | 1.50 kB |",
                        "| W8A8 | paper | 70.00 % | 80.00 % | 0.0180 | 2.00 kB | 1.00 kB | 1.50 kB |");
        assertThat(report.notes()).hasSize(3).first().asString().startsWith("Calibrated on 32 pictures (seed 7), ");
    }
}
