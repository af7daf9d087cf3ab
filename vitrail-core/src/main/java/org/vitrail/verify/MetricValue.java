package org.vitrail.verify;

import java.util.OptionalDouble;

/**
 * A metric as it is shown.
 *
 * @param name the name in tables
 * @param value the value; empty where there is none
 * @param isShare whether it is a share, 0 to 1, shown in per cent
 * @param isDetail whether it is left out of tables of many models
 */
public record MetricValue(String name, OptionalDouble value, boolean isShare, boolean isDetail) {
    static MetricValue share(String name, OptionalDouble value) {
        return new MetricValue(name, value, true, false);
    }

    static MetricValue number(String name, OptionalDouble value) {
        return new MetricValue(name, value, false, false);
    }

    static MetricValue detail(String name, OptionalDouble value) {
        return new MetricValue(name, value, false, true);
    }
}
