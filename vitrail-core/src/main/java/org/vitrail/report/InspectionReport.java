package org.vitrail.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.vitrail.block.InspectedPart;
import org.vitrail.block.Inspection;
import org.vitrail.block.Norm;
import org.vitrail.report.TextTable.Column;

/**
 * The parts of a model, as {@code vitrail inspect} shows them.
 *
 * @param blocks number of transformer blocks
 * @param parameters number of elements of its floating-point constants
 * @param multiplyAdds multiply-adds of products and convolutions for one image, where shapes are known
 * @param parts linear layers, products and norms in graph order, then all other constants
 * @param unrecognised nodes with multiply-adds that stay float because they fit no part
 */
public record InspectionReport(
        int blocks, long parameters, long multiplyAdds, List<InspectedPart> parts, List<Loose> unrecognised) {

    /** A node that stays float, with the reason. */
    public record Loose(String node, String operator, String reason) {}

    public InspectionReport {
        parts = List.copyOf(parts);
        unrecognised = List.copyOf(unrecognised);
    }

    public static InspectionReport of(Inspection inspection) {
        return new InspectionReport(
                inspection.recognition().blocks().size(),
                inspection.parameters(),
                inspection.multiplyAdds(),
                inspection.parts(),
                inspection.recognition().unrecognised().stream()
                        .map(loose ->
                                new Loose(loose.node().label(), loose.node().op(), loose.reason()))
                        .toList());
    }

    /** Returns a table with one row per part, with the name of its node in the file. */
    public TextTable everyPart() {
        TextTable table = table(Column.left("node"));
        String last = "";
        for (InspectedPart part : parts) {
            row(table, part.place().equals(last) ? "" : part.place(), part, part.shape(), part.note(), part.node());
            last = part.place();
        }
        return table;
    }

    /**
     * Returns a table that merges equal consecutive blocks into one group of rows, and norms into one row, for 80
     * columns.
     */
    public TextTable alikeTogether() {
        TextTable table = table();
        for (Group group : groups()) {
            String place = group.place();
            for (InspectedPart part : group.parts()) {
                row(table, place, part, brief(part.shape()), part.note().replaceFirst(",.*", ""));
                place = "";
            }
        }
        for (Norm.Kind kind : Norm.Kind.values()) {
            List<InspectedPart> norms =
                    parts.stream().filter(part -> isNorm(part, kind)).toList();
            if (!norms.isEmpty()) {
                long parameters =
                        norms.stream().mapToLong(InspectedPart::parameters).sum();
                table.row("", norms.size() + " × " + kind.label(), "", Units.count(parameters));
            }
        }
        return table;
    }

    /** Returns the shape for one image without its batch; of a product only the result. */
    private static String brief(String shape) {
        String result = shape.contains("·") ? shape.substring(shape.indexOf('→')) : shape;
        return result.replaceAll("\\b1×(?=\\d)", "");
    }

    private static boolean isNorm(InspectedPart part, Norm.Kind kind) {
        return part.role().equals(kind.label());
    }

    private static TextTable table(Column... more) {
        return new TextTable(Stream.concat(
                        Stream.of(
                                Column.left("where"),
                                Column.left("part"),
                                Column.left("in → out"),
                                Column.right("parameters"),
                                Column.right("mult-adds"),
                                Column.left("")),
                        Stream.of(more))
                .toArray(Column[]::new));
    }

    private static void row(TextTable table, String place, InspectedPart part, String shape, String... more) {
        table.row(Stream.concat(
                        Stream.of(
                                place,
                                part.role(),
                                shape,
                                part.parameters() == 0 ? "" : Units.count(part.parameters()),
                                part.multiplyAdds().equals(OptionalLong.of(0)) ? "" : multiplyAdds(part)),
                        Stream.of(more))
                .toArray(String[]::new));
    }

    private static String multiplyAdds(InspectedPart part) {
        return part.multiplyAdds().isPresent() ? Units.count(part.multiplyAdds().getAsLong()) : "?";
    }

    /** The parts of one place, or of several equal blocks. */
    private record Group(String first, String last, List<InspectedPart> parts) {
        String place() {
            if (first.isEmpty()) {
                return "outside";
            }
            return first.equals(last) ? first : first.replace("block", "blocks") + "–" + last.replace("block ", "");
        }

        boolean isAlike(Group other) {
            return !first.isEmpty() && !other.first.isEmpty() && shapes().equals(other.shapes());
        }

        private List<List<Object>> shapes() {
            return parts.stream()
                    .map(part -> List.<Object>of(
                            part.role(), part.shape(), part.parameters(), part.multiplyAdds(), part.note()))
                    .toList();
        }
    }

    private List<Group> groups() {
        Map<String, List<InspectedPart>> byPlace = new LinkedHashMap<>();
        int outside = 0;
        String last = "";
        List<InspectedPart> multiplying = parts.stream()
                .filter(part -> Arrays.stream(Norm.Kind.values()).noneMatch(kind -> isNorm(part, kind)))
                .toList();
        for (InspectedPart part : multiplying) {
            outside += part.place().isEmpty() && !last.isEmpty() ? 1 : 0;
            String key = part.place().isEmpty() ? "outside " + outside : part.place();
            byPlace.computeIfAbsent(key, name -> new ArrayList<>()).add(part);
            last = part.place();
        }
        List<Group> groups = new ArrayList<>();
        byPlace.values().forEach(members -> {
            String place = members.getFirst().place();
            Group group = new Group(place, place, members);
            if (!groups.isEmpty() && groups.getLast().isAlike(group)) {
                groups.add(new Group(groups.removeLast().first(), place, members));
            } else {
                groups.add(group);
            }
        });
        return groups;
    }
}
