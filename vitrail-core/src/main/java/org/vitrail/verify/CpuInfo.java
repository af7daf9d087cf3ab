package org.vitrail.verify;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The processor on which speed was measured.
 *
 * @param name the name that the system reports
 * @param cores logical cores that this program may use
 * @param instructions in the order of {@link Instructions}
 */
public record CpuInfo(String name, int cores, List<Instructions> instructions) {
    private static final Path PROC_CPUINFO = Path.of("/proc/cpuinfo");

    /** Vector instructions that determine the speed of int8, with a pattern of Linux's names for them. */
    public enum Instructions {
        AVX2("AVX2", "avx2"),
        AVX512("AVX-512", "avx512f"),
        VNNI("VNNI", "avx512_vnni|avx_vnni"),
        AMX("AMX", "amx_int8"),
        NEON("NEON", "asimd"),
        DOT_PRODUCT("dot product", "asimddp"),
        INT8_MATRIX("I8MM", "i8mm");

        private final String label;
        private final String flags;

        Instructions(String label, String flags) {
            this.label = label;
            this.flags = flags;
        }

        public String label() {
            return label;
        }
    }

    public CpuInfo {
        instructions = List.copyOf(instructions);
    }

    /** Returns this machine's processor; without Linux's /proc, as far as the Java machine reports it. */
    public static CpuInfo detect() {
        int cores = Runtime.getRuntime().availableProcessors();
        try {
            return parse(Files.readString(PROC_CPUINFO), cores);
        } catch (IOException e) {
            String name = Optional.ofNullable(System.getenv("PROCESSOR_IDENTIFIER"))
                    .orElse(System.getProperty("os.arch") + " processor");
            return new CpuInfo(name, cores, ofJavaMachine());
        }
    }

    /** Reads the text of Linux's /proc/cpuinfo. */
    static CpuInfo parse(String cpuinfo, int cores) {
        String listed =
                field(cpuinfo, "flags").or(() -> field(cpuinfo, "Features")).orElse("");
        String[] flags = listed.split("\\s+");
        return new CpuInfo(
                field(cpuinfo, "model name").orElse(System.getProperty("os.arch") + " processor"),
                cores,
                EnumSet.allOf(Instructions.class).stream()
                        .filter(row -> Arrays.stream(flags).anyMatch(flag -> flag.matches(row.flags)))
                        .toList());
    }

    private static Optional<String> field(String cpuinfo, String key) {
        return cpuinfo.lines()
                .filter(line -> line.startsWith(key))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst();
    }

    /** HotSpot's UseAVX is 2 with AVX2 and 3 with AVX-512; on processors other than x86 there is no such option. */
    private static List<Instructions> ofJavaMachine() {
        try {
            String level = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                    .getVMOption("UseAVX")
                    .getValue();
            return switch (level) {
                case "2" -> List.of(Instructions.AVX2);
                case "3" -> List.of(Instructions.AVX2, Instructions.AVX512);
                default -> List.of();
            };
        } catch (IllegalArgumentException e) {
            return List.of();
        }
    }

    public boolean has(Instructions wanted) {
        return instructions.contains(wanted);
    }

    /** Returns a description in one line. */
    public String describe() {
        return name + ", " + cores + (cores == 1 ? " core" : " cores")
                + (instructions.isEmpty()
                        ? ""
                        : ", " + instructions.stream().map(Instructions::label).collect(Collectors.joining(", ")));
    }
}
