package org.vitrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Tests the script {@code vitrail} in a folder that looks like the built project, with stubs for the JDK and Maven. */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {
    @TempDir
    Path folder;

    private Path project;
    private Path jar;
    private Path maven;
    private final Map<String, String> variables = new HashMap<>(Map.of("LANG", "C.UTF-8"));

    @BeforeEach
    void project() throws IOException {
        variables.put("HOME", folder.resolve("home").toString());
        project = Files.createDirectories(folder.resolve("a project"));
        Files.copy(script(), project.resolve("vitrail"));
        executable(project.resolve("vitrail"), Files.readString(script()));
        Files.copy(
                script().resolveSibling(".mvn/launcher.sh"),
                Files.createDirectories(project.resolve(".mvn")).resolve("launcher.sh"));
        for (String module : List.of("vitrail-onnx-schema", "vitrail-runtime", "vitrail-core", "vitrail-cli")) {
            old(Files.writeString(
                    Files.createDirectories(project.resolve(module + "/src/main"))
                            .resolve("Source.java"),
                    ""));
            old(project.resolve(module + "/src/main"));
            old(Files.writeString(project.resolve(module + "/pom.xml"), ""));
        }
        old(Files.writeString(project.resolve("pom.xml"), ""));
        Files.createDirectories(project.resolve("vitrail-cli/target/lib"));
        jar = Files.writeString(project.resolve("vitrail-cli/target/vitrail-cli-1.jar"), "");
        maven = executable(
                Files.createDirectories(folder.resolve("maven")).resolve("mvn"),
                "#!/bin/sh\necho \"built by $JAVA_HOME\"\ntouch '" + jar + "'\n");
        // Comes before a javac of this machine on the PATH, and belongs to no JDK.
        executable(maven.resolveSibling("javac"), "#!/bin/sh\n");
    }

    @Test
    void runsTheJarWithTheUsersArgumentsAndGivesBackItsExitCode() throws Exception {
        Result result = run(project.resolve("vitrail"), jdk("new", "25.0.1"), folder, "quantize", "a b.onnx", "*");

        assertThat(result.code()).isEqualTo(7);
        assertThat(result.text())
                .contains("-XX:MaxRAMPercentage=50\n", "--enable-native-access=ALL-UNNAMED\n", "org.vitrail.cli.Main\n")
                .endsWith("quantize\na b.onnx\n*\n")
                .doesNotContain("building");
    }

    @Test
    void worksThroughLinksFromAnotherFolder() throws Exception {
        Path elsewhere = Files.createDirectories(folder.resolve("else/where"));
        Path first = Files.createSymbolicLink(folder.resolve("first"), Path.of("a project/vitrail"));
        Path second = Files.createSymbolicLink(elsewhere.resolve("second"), first);

        Result result = run(second, jdk("new", "21.0.4"), elsewhere, "--version");

        assertThat(result.text()).contains(jar.toRealPath().toString()).endsWith("--version\n");
    }

    @Test
    void writesUtf8WhereNoLocaleSaysOtherwise() throws Exception {
        variables.remove("LANG");
        assertThat(run(project.resolve("vitrail"), jdk("new", "25.0.1"), folder, "x")
                        .text())
                .contains("LC_CTYPE=C.UTF-8\n");

        variables.put("LC_ALL", "C");
        assertThat(run(project.resolve("vitrail"), jdk("new", "25.0.1"), folder, "x")
                        .text())
                .contains("LC_CTYPE=C.UTF-8\n", "LC_ALL=C.UTF-8\n");

        variables.remove("LC_ALL");
        variables.put("LANG", "xx_XX.UTF-8"); // not installed anywhere
        assertThat(run(project.resolve("vitrail"), jdk("new", "25.0.1"), folder, "x")
                        .text())
                .contains("LC_CTYPE=C.UTF-8\n");

        variables.put("LANG", "de_DE.ISO-8859-1");
        assertThat(run(project.resolve("vitrail"), jdk("new", "25.0.1"), folder, "x")
                        .text())
                .contains("LC_CTYPE=\n");
    }

    @Test
    void passesOverAJavaHomeThatIsTooOld() throws Exception {
        Path old = jdk("old", "17.0.15");
        Path found = jdk("home/.sdkman/candidates/java/99", "99.0.1");

        Result result = run(project.resolve("vitrail"), old, folder, "--version");

        assertThat(result.text()).startsWith(found + "\n");
    }

    @Test
    void looksForAJdkAlsoWhereHomeIsUnset() throws Exception {
        variables.remove("HOME");

        Result result = run(project.resolve("vitrail"), jdk("old", "17.0.15"), folder, "--version");

        assertThat(result.text()).doesNotContain("HOME: unbound variable");
    }

    @Test
    void buildsWhatIsOlderThanItsSourcesAndSaysSo() throws Exception {
        Path jdk = jdk("new", "25.0.1");
        Files.setLastModifiedTime(jar, FileTime.from(Instant.now().minusSeconds(100)));
        Files.writeString(project.resolve("vitrail-core/src/main/Source.java"), "changed");

        assertThat(run(project.resolve("vitrail"), jdk, folder, "x").text())
                .contains("vitrail: building with Maven", "built by " + jdk);
        assertThat(run(project.resolve("vitrail"), jdk, folder, "x").text()).doesNotContain("building");
    }

    @Test
    void saysWhichModuleIsBuiltAndWhatFailsButNothingElseThatMavenSays() throws Exception {
        executable(maven, """
                #!/bin/sh
                echo "$@" > '%s/maven-arguments'
                printf '\\033[0m\\033[0m[INFO] Scanning for projects...\\n'
                echo 'WARNING: A terminally deprecated method has been called'
                echo 'Downloading from central: https://repo.example/a.jar'
                echo 'Downloading from central: https://repo.example/b.jar'
                echo '[INFO] Building Vitrail core 0.1.0-SNAPSHOT                    [3/4]'
                echo '[ERROR] Source.java:[1,1] not a statement'
                printf '\\033[0m\\033[0m'
                exit 1
                """.formatted(folder));
        Files.delete(jar);

        Result result = run(project.resolve("vitrail"), jdk("new", "25.0.1"), folder, "x");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.text()).isEqualTo("""
                        vitrail: building with Maven (once; this takes a minute or two) ...
                        vitrail: downloading the libraries that the build needs ...
                        vitrail: building Vitrail core (3 of 4)
                        [ERROR] Source.java:[1,1] not a statement
                        vitrail: could not be built: Maven says why above
                        """);
        assertThat(Files.readString(folder.resolve("maven-arguments"))).contains("-Dstyle.color=never");
    }

    @Test
    void buildsNothingWhereTheProjectWasCopied() throws Exception {
        Path jdk = jdk("new", "25.0.1");
        run(project.resolve("vitrail"), jdk, folder, "x");
        Path copied = project.resolve("vitrail-core/src/main/Source.java");
        Files.setLastModifiedTime(copied, FileTime.from(Instant.now().plusSeconds(5)));

        assertThat(run(project.resolve("vitrail"), jdk, folder, "x").text()).doesNotContain("building");

        Files.writeString(copied, "changed");
        Files.setLastModifiedTime(copied, FileTime.from(Instant.now().plusSeconds(5)));

        assertThat(run(project.resolve("vitrail"), jdk, folder, "x").text()).contains("building");
    }

    private record Result(int code, String text) {}

    private Result run(Path script, Path javaHome, Path workingFolder, String... arguments) throws Exception {
        ProcessBuilder process = new ProcessBuilder();
        process.command().add(script.toString());
        process.command().addAll(List.of(arguments));
        process.directory(workingFolder.toFile()).redirectErrorStream(true);
        process.environment().put("JAVA_HOME", javaHome.toString());
        process.environment().put("PATH", maven.getParent() + ":/usr/bin:/bin");
        process.environment()
                .keySet()
                .removeAll(
                        List.of("VITRAIL_JAVA_OPTS", "SDKMAN_DIR", "MAVEN_OPTS", "LC_ALL", "LC_CTYPE", "LANG", "HOME"));
        process.environment().putAll(variables);
        Process running = process.start();
        String text = new String(running.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        return new Result(running.waitFor(), text);
    }

    /** A JDK whose java prints where it is, its locale and its arguments, one a line, and ends with 7. */
    private Path jdk(String name, String version) throws IOException {
        Path home = folder.resolve(name);
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"test\"\nJAVA_VERSION=\"" + version + "\"\n");
        executable(home.resolve("bin/javac"), "#!/bin/sh\n");
        executable(
                home.resolve("bin/java"),
                "#!/bin/sh\necho '" + home
                        + "'\necho \"LC_CTYPE=$LC_CTYPE\"\necho \"LC_ALL=$LC_ALL\"\nprintf '%s\\n' \"$@\"\nexit 7\n");
        return home;
    }

    private static Path executable(Path file, String text) throws IOException {
        Files.writeString(file, text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static void old(Path path) throws IOException {
        Files.setLastModifiedTime(path, FileTime.from(Instant.now().minusSeconds(1000)));
    }

    private static Path script() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("vitrail"))) {
            folder = folder.getParent();
        }
        return folder.resolve("vitrail");
    }
}
