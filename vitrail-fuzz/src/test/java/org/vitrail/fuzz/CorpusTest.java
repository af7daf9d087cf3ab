package org.vitrail.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests that every input of the corpus, seeds and what fuzzing found, keeps the bounds of its reader. */
class CorpusTest {
    static final Path CORPUS = Path.of("corpus");

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void everyInputKeepsTheBounds(UntrustedReader reader) throws IOException {
        List<Path> inputs = inputs(reader);
        assertThat(inputs).as("seeds of %s", reader.label()).isNotEmpty();
        Path model = Files.createDirectory(folder.resolve("model"));
        ForbiddenFile.prepare(model);
        Path file = model.resolve(reader.fileName());
        List<String> faults = new ArrayList<>();
        for (Path input : inputs) {
            Files.deleteIfExists(file);
            Files.copy(input, file);
            try {
                ReaderBounds.check(reader, file, (int) Files.size(file));
            } catch (Throwable broken) {
                faults.add(input.getFileName() + ": " + broken);
            }
        }
        assertThat(faults).isEmpty();
    }

    private static List<Path> inputs(UntrustedReader reader) throws IOException {
        try (Stream<Path> files = Files.list(CORPUS.resolve(reader.label()))) {
            return files.sorted().toList();
        }
    }
}
