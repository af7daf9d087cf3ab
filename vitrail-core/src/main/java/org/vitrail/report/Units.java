package org.vitrail.report;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.vitrail.tensor.VitrailException;
import org.vitrail.verify.MetricValue;

/** Formats numbers with their units for people, the same in every locale. */
public final class Units {
    private static final String[] SIZES = {"B", "kB", "MB", "GB", "TB"};
    private static final String[] COUNTS = {"", " k", " M", " G", " T"};

    private static final Pattern SIZE =
            Pattern.compile("(\\d{1,12}(?:\\.\\d{1,6})?) ?(B|kB|MB|GB|TB|)", Pattern.CASE_INSENSITIVE);

    private Units() {}

    /** {@code 5.72 MB}: three digits, powers of 1000. */
    public static String bytes(long bytes) {
        return scaled(bytes, SIZES, " ");
    }

    /**
     * Parses a size such as "5MB", "1.5 GB" or "800000" to bytes, in powers of 1000 as in {@link #bytes}.
     *
     * @throws VitrailException for any other text
     */
    public static long parseBytes(String text) {
        Matcher matcher = SIZE.matcher(text.strip());
        if (!matcher.matches()) {
            throw new VitrailException("a size is written like 5MB, 1.5GB or 800000 (bytes), got " + text);
        }
        String unit = matcher.group(2).toUpperCase(Locale.ROOT);
        int power = 0;
        while (!unit.isEmpty() && !SIZES[power].equalsIgnoreCase(unit)) {
            power++;
        }
        return Math.round(Double.parseDouble(matcher.group(1)) * Math.pow(1000, power));
    }

    /** {@code 5.72 M}: three digits, powers of 1000. */
    public static String count(long count) {
        return scaled(count, COUNTS, "");
    }

    /** {@code 97.23 %} for a share between 0 and 1; {@code –} for NaN. */
    public static String percent(double share) {
        return Double.isNaN(share) ? "–" : String.format(Locale.ROOT, "%.2f %%", 100 * share);
    }

    /** Formats a share as a percentage and any other figure in a few digits; returns "" where it has no value. */
    public static String figure(MetricValue figure) {
        return figure.value().stream()
                .mapToObj(value -> figure.isShare() ? percent(value) : digits(value))
                .findFirst()
                .orElse("");
    }

    /** {@code 12.3 ms}, or {@code 1.23 s} from a second on. */
    public static String millis(double millis) {
        if (Double.isNaN(millis)) {
            return "–";
        }
        return millis >= 1000 ? String.format(Locale.ROOT, "%.2f s", millis / 1000) : digits(millis) + " ms";
    }

    /** {@code 6 s}, {@code 1 min 20 s}, {@code 2 h 05 min}. */
    public static String duration(double seconds) {
        long whole = Math.round(seconds);
        if (whole < 60) {
            return seconds < 10 ? String.format(Locale.ROOT, "%.1f s", seconds) : whole + " s";
        }
        return whole < 3600
                ? String.format(Locale.ROOT, "%d min %02d s", whole / 60, whole % 60)
                : String.format(Locale.ROOT, "%d h %02d min", whole / 3600, whole % 3600 / 60);
    }

    /** {@code 1.62 ×}. */
    public static String ratio(double ratio) {
        return Double.isNaN(ratio) ? "–" : String.format(Locale.ROOT, "%.2f ×", ratio);
    }

    /** About three significant digits, without an exponent from 0.001 on. */
    public static String digits(double value) {
        double magnitude = Math.abs(value);
        if (Double.isNaN(value)) {
            return "–";
        }
        if (magnitude == 0) {
            return "0";
        }
        return String.format(Locale.ROOT, threeDigits(magnitude), value);
    }

    /** {@code 0.0189 ± 0.0021}: a mean and its standard deviation, both to the digits of the larger one. */
    public static String spread(double mean, double deviation) {
        if (Double.isNaN(mean) || Double.isNaN(deviation)) {
            return digits(mean);
        }
        String format = threeDigits(Math.max(Math.abs(mean), deviation));
        return String.format(Locale.ROOT, format + " ± " + format, mean, deviation);
    }

    /** {@code −6.7 %}, {@code +1.5 %}: a relative change; {@code –} for NaN. */
    public static String change(double share) {
        return Double.isFinite(share)
                ? String.format(Locale.ROOT, "%+.1f %%", 100 * share).replace('-', '−')
                : "–";
    }

    private static String threeDigits(double magnitude) {
        if (magnitude > 0 && magnitude < 0.001) {
            return "%.2e";
        }
        return magnitude >= 99.95 ? "%.0f" : magnitude >= 9.995 ? "%.1f" : magnitude >= 0.9995 ? "%.2f" : "%.4f";
    }

    /** {@code 1 image}, {@code 128 images}. */
    public static String plural(long count, String noun) {
        return plural(count, noun, noun + "s");
    }

    /** {@code 1 class}, {@code 10 classes}. */
    public static String plural(long count, String one, String many) {
        return count + " " + (count == 1 ? one : many);
    }

    private static String scaled(long value, String[] units, String gap) {
        int unit = 0;
        double scaled = value;
        while (Math.abs(scaled) >= 999.5 && unit < units.length - 1) {
            scaled /= 1000;
            unit++;
        }
        return unit == 0 ? value + gap + units[0] : digits(scaled) + gap + units[unit];
    }
}
