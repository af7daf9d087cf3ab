package org.vitrail.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.vitrail.ablation.AblationCell;
import org.vitrail.ablation.AblationReport;
import org.vitrail.export.SaturationProof;
import org.vitrail.verify.ClassificationMetrics;
import org.vitrail.verify.DenseMetrics;
import org.vitrail.verify.DetectionMetrics;
import org.vitrail.verify.EmbeddingMetrics;
import org.vitrail.verify.MaskMetrics;
import org.vitrail.verify.OtherMetrics;
import org.vitrail.verify.ValueMapMetrics;

class JsonReportTest {
    /** What commands write, and the metrics, which reports hold by their interface. */
    private static final List<Class<?>> WRITTEN = List.of(
            QuantizationReport.class,
            ComparisonReport.class,
            InspectionReport.class,
            FrontierReport.class,
            AblationReport.class,
            AblationCell.class,
            SaturationProof.class,
            ClassificationMetrics.class,
            DetectionMetrics.class,
            EmbeddingMetrics.class,
            DenseMetrics.class,
            MaskMetrics.class,
            ValueMapMetrics.class,
            OtherMetrics.class);

    @Test
    void writesTheComponentsOfEveryRecordInTheirOrderAndThenComputedFiguresByName() {
        Set<Class<?>> records = new LinkedHashSet<>();
        WRITTEN.forEach(type -> reach(type, records));

        assertThat(records).hasSizeGreaterThan(25).allSatisfy(type -> {
            List<String> components = Arrays.stream(type.getRecordComponents())
                    .map(RecordComponent::getName)
                    .toList();
            List<String> fields = fields(type);
            assertThat(fields).startsWith(components.toArray(String[]::new));
            assertThat(fields.subList(components.size(), fields.size())).isSorted();
        });
    }

    @Test
    void writesTheSharesOfAClassifierAfterItsCounts() {
        assertThat(fields(ClassificationMetrics.class))
                .endsWith("largestDifference", "agreement", "judged", "meanKlNats", "top1Accuracy", "top5Accuracy");
        assertThat(fields(DenseMetrics.class)).endsWith("lost", "agreement", "judged", "lostShare");
    }

    private static List<String> fields(Class<?> type) {
        return JsonReport.MAPPER
                .getSerializationConfig()
                .introspect(JsonReport.MAPPER.constructType(type))
                .findProperties()
                .stream()
                .filter(BeanPropertyDefinition::couldSerialize)
                .map(BeanPropertyDefinition::getName)
                .toList();
    }

    /** Adds the records of this project among a type, its type arguments and, for records, the types of its components. */
    private static void reach(Type type, Set<Class<?>> records) {
        if (type instanceof ParameterizedType generic) {
            Stream.of(generic.getActualTypeArguments()).forEach(argument -> reach(argument, records));
        } else if (type instanceof Class<?> record
                && record.isRecord()
                && record.getName().startsWith("org.vitrail")
                && records.add(record)) {
            for (RecordComponent component : record.getRecordComponents()) {
                reach(component.getGenericType(), records);
            }
        }
    }
}
