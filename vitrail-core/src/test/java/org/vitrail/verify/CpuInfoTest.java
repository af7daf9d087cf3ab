package org.vitrail.verify;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.vitrail.verify.CpuInfo.Instructions;

class CpuInfoTest {
    @Test
    void readsAnX86ProcessorAsLinuxDescribesIt() {
        CpuInfo cpu = CpuInfo.parse("""
                processor\t: 0
                model name\t: Intel(R) Xeon(R) Processor
                flags\t\t: fpu sse sse sse2 avx avx2 avx512f avx_vnni amx_int8
                vmx flags\t: vnmi
                processor\t: 1
                """, 2);

        assertThat(cpu.name()).isEqualTo("Intel(R) Xeon(R) Processor");
        assertThat(cpu.instructions())
                .containsExactly(Instructions.AVX2, Instructions.AVX512, Instructions.VNNI, Instructions.AMX);
        assertThat(cpu.describe()).isEqualTo("Intel(R) Xeon(R) Processor, 2 cores, AVX2, AVX-512, VNNI, AMX");
    }

    @Test
    void readsAnArmProcessorWhichHasNoNameThere() {
        CpuInfo cpu = CpuInfo.parse("processor\t: 0\nFeatures\t: fp asimd asimddp\n", 1);

        assertThat(cpu.name()).endsWith("processor");
        assertThat(cpu.instructions()).containsExactly(Instructions.NEON, Instructions.DOT_PRODUCT);
    }

    @Test
    void knowsThisMachine() {
        assertThat(CpuInfo.detect().name()).isNotBlank();
        assertThat(CpuInfo.detect().cores()).isPositive();
    }
}
