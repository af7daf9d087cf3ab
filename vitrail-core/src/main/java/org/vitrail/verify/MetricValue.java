package org.vitrail.verify;

import java.util.OptionalDouble;

/**
 * A figure that people read.
 *
 * @param name what it is called
 * @param value empty where there is none
 * @param isShare whether it is a share of something, 0 to 1, that people read in per cent
 * @param isDetail whether it has no place in a table that puts many models side by side
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
