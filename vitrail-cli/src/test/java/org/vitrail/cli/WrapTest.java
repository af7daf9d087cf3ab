package org.vitrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WrapTest {
    @Test
    void breaksBetweenWords() {
        assertThat(Wrap.lines("4 of the 11 pictures", 11)).containsExactly("4 of the 11", "pictures");
        assertThat(Wrap.lines("4 of the 11 pictures", 10)).containsExactly("4 of the", "11", "pictures");
    }

    @Test
    void leavesAWordWholeThatIsLongerThanALine() {
        assertThat(Wrap.lines("in /a/long/path, seed 0", 8)).containsExactly("in", "/a/long/path,", "seed 0");
    }

    @Test
    void doesNotCountColours() {
        assertThat(Wrap.lines("\u001b[1mfour\u001b[0m more", 9)).hasSize(1);
        assertThat(Wrap.lines("\u001b[1mfour\u001b[0m more", 8)).hasSize(2);
    }
}
