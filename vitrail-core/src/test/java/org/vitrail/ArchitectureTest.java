package org.vitrail;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules that ARCHITECTURE.md states, held by the build. */
class ArchitectureTest {
    private static final String ROOT = "org.vitrail";

    /** A package depends only on those before it: those of vitrail-runtime, then those of vitrail-core. */
    private static final List<String> ORDER = List.of(
            ROOT + ".work",
            ROOT + ".tensor",
            ROOT + ".graph",
            ROOT + ".shape",
            ROOT + ".onnx",
            ROOT + ".image",
            ROOT + ".detection",
            ROOT + ".task",
            ROOT + ".engine",
            ROOT + ".ort",
            ROOT + ".model",
            ROOT,
            ROOT + ".wire",
            ROOT + ".linalg",
            ROOT + ".hub",
            ROOT + ".quantizer",
            ROOT + ".checkpoint",
            ROOT + ".canonical",
            ROOT + ".block",
            ROOT + ".subgraph",
            ROOT + ".plan",
            ROOT + ".capture",
            ROOT + ".search",
            ROOT + ".fold",
            ROOT + ".allocate",
            ROOT + ".compensate",
            ROOT + ".export",
            ROOT + ".verify",
            ROOT + ".report",
            ROOT + ".pipeline",
            ROOT + ".quantize",
            ROOT + ".ablation");

    private static final int MAX_LINES = 300;

    /** A node's attribute may hold a graph (ONNX If, Loop, Scan): the data is recursive, and so are its types. */
    private static final Set<String> RECURSIVE_GRAPH =
            Set.of(ROOT + ".graph.Attribute", ROOT + ".graph.Graph", ROOT + ".graph.Node");

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages(ROOT);

    /** `Graph`, `Norm.Kind`, `org.vitrail.graph.Graph`. */
    private static final Pattern CLASS_IN_CODE_FONT =
            Pattern.compile("`(?:org\\.vitrail\\.(?:[a-z]+\\.)*)?([A-Z]\\w*[a-z]\\w*(?:\\.[A-Z]\\w*)*)`");

    private static final Pattern INNER_TYPE = Pattern.compile("\\b(?:class|record|enum|interface) ([A-Z]\\w*)");

    @Test
    void aPackageDependsOnlyOnThoseBeforeItInTheOrder() {
        Set<String> against = new TreeSet<>();
        for (JavaClass from : CLASSES) {
            for (Dependency dependency : from.getDirectDependenciesFromSelf()) {
                String to = dependency.getTargetClass().getPackageName();
                if (ORDER.contains(to) && ORDER.indexOf(to) > ORDER.indexOf(from.getPackageName())) {
                    against.add(from.getName() + " -> "
                            + dependency.getTargetClass().getName());
                }
            }
        }
        assertThat(against).isEmpty();
    }

    /** A type and those nested in it are one file; several files that need each other can only be understood together. */
    @Test
    void noFilesDependOnEachOtherInACircle() {
        Map<String, Set<String>> reachable = new TreeMap<>();
        for (JavaClass from : CLASSES) {
            for (Dependency dependency : from.getDirectDependenciesFromSelf()) {
                if (dependency.getTargetClass().getPackageName().startsWith(ROOT)) {
                    reachable
                            .computeIfAbsent(file(from), name -> new TreeSet<>())
                            .add(file(dependency.getTargetClass()));
                }
            }
        }
        for (String through : List.copyOf(reachable.keySet())) {
            reachable.values().stream()
                    .filter(to -> to.contains(through))
                    .forEach(to -> to.addAll(reachable.get(through)));
        }
        Set<Set<String>> circles = new HashSet<>();
        reachable.forEach((from, to) -> circles.add(to.stream()
                .filter(other -> reachable.getOrDefault(other, Set.of()).contains(from))
                .collect(Collectors.toCollection(TreeSet::new))));
        circles.removeIf(circle -> circle.size() < 2);
        circles.remove(RECURSIVE_GRAPH);
        assertThat(circles).isEmpty();
    }

    private static String file(JavaClass type) {
        return type.getName().replaceAll("\\$.*|\\[.*|;", "");
    }

    @Test
    void noClassIsLongerThanThreeHundredLines() throws IOException {
        Set<String> longer = new TreeSet<>();
        for (Path module : modules()) {
            Path sources = module.resolve("src/main/java");
            if (Files.isDirectory(sources)) {
                try (Stream<Path> files = Files.walk(sources)) {
                    for (Path file : files.filter(path -> path.toString().endsWith(".java"))
                            .toList()) {
                        int lines = Files.readAllLines(file).size();
                        if (lines > MAX_LINES) {
                            longer.add(file.getFileName() + ": " + lines);
                        }
                    }
                }
            }
        }
        assertThat(longer).isEmpty();
    }

    @Test
    void everyPackageHasItsPlaceInTheOrder() {
        assertThat(packages()).isSubsetOf(ORDER);
    }

    @Test
    void everyPackageSaysItsJob() throws IOException {
        for (String name : packages()) {
            List<Path> descriptions = modules().stream()
                    .map(module -> module.resolve("src/main/java")
                            .resolve(name.replace('.', '/'))
                            .resolve("package-info.java"))
                    .filter(Files::exists)
                    .toList();
            assertThat(descriptions).as(name).hasSize(1);
            assertThat(Files.readString(descriptions.getFirst())).startsWith("/**");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "org.vitrail.onnx, onnx",
        "org.vitrail.onnx, com.google.protobuf..",
        "org.vitrail.onnx, com.github.luben..",
        "org.vitrail.ort, ai.onnxruntime..",
        "org.vitrail.ort, org.vitrail.ort",
        "org.vitrail.linalg, org.bytedeco..",
        "org.vitrail.report, org.knowm..",
    })
    void libraryIsSeenByOnePackageOnly(String owner, String library) {
        noClasses()
                .that()
                .resideOutsideOfPackage(owner)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .check(CLASSES);
        // The rule above must not hold for want of such classes.
        assertThat(CLASSES.that(resideInAPackage(owner)))
                .anyMatch(from -> from.getDirectDependenciesFromSelf().stream()
                        .anyMatch(dependency -> resideInAPackage(library).test(dependency.getTargetClass())));
    }

    @Test
    void everyClassThatTheArchitectureNamesExists() throws IOException {
        Path file = project().resolve("ARCHITECTURE.md");
        assertThat(file).exists();
        List<String> named = CLASS_IN_CODE_FONT
                .matcher(Files.readString(file))
                .results()
                .map(match -> match.group(1))
                .toList();
        assertThat(named).hasSizeGreaterThan(30);
        assertThat(classNames()).as("classes named in ARCHITECTURE.md").containsAll(named);
    }

    private static Set<String> packages() {
        return CLASSES.stream().map(JavaClass::getPackageName).collect(Collectors.toCollection(TreeSet::new));
    }

    /** The simple names of the classes of all modules, tests too, with those of the types inside them. */
    private static Set<String> classNames() throws IOException {
        Set<String> names = new TreeSet<>();
        for (Path module : modules()) {
            try (Stream<Path> files = Files.walk(module.resolve("src"))) {
                for (Path file :
                        files.filter(path -> path.toString().endsWith(".java")).toList()) {
                    String outer = file.getFileName().toString().replace(".java", "");
                    names.add(outer);
                    INNER_TYPE
                            .matcher(Files.readString(file))
                            .results()
                            .forEach(match -> names.add(outer + "." + match.group(1)));
                }
            }
        }
        return names;
    }

    private static List<Path> modules() throws IOException {
        try (Stream<Path> folders = Files.list(project())) {
            return folders.filter(folder -> Files.exists(folder.resolve("src"))).toList();
        }
    }

    private static Path project() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("vitrail-core"))) {
            folder = folder.getParent();
        }
        return folder;
    }
}
