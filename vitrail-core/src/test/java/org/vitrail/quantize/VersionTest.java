package org.vitrail.quantize;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VersionTest {
    @Test
    void namesTheBuildByADigest() {
        assertThat(Version.build()).matches("[0-9a-f]{12}");
        assertThat(Version.describe())
                .isEqualTo("vitrail " + Version.current() + " (build " + Version.build() + ")")
                .doesNotContain("$");
    }
}
