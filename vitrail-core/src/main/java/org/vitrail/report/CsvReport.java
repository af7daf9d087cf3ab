package org.vitrail.report;

import com.fasterxml.jackson.databind.SequenceWriter;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;

/** Writes figures as comma-separated values (RFC 4180), for spreadsheets and programs. */
public final class CsvReport {
    private static final CsvMapper MAPPER = new CsvMapper();

    private CsvReport() {}

    /** Returns a heading and rows, numbers in full precision; lines end in a line feed. */
    public static String of(List<?> heading, List<? extends List<?>> rows) {
        StringWriter text = new StringWriter();
        try (SequenceWriter writer = MAPPER.writer().writeValues(text)) {
            writer.write(heading);
            writer.writeAll(rows);
        } catch (IOException e) {
            throw new IllegalStateException("writing CSV in memory failed", e);
        }
        return text.toString();
    }
}
