package org.vitrail.benchmarks;

import java.nio.file.Path;
import org.vitrail.Classifier;

/** Loads a classifier and classifies one picture: the program that {@link ColdStartBenchmark} measures. */
final class ColdStart {
    private ColdStart() {}

    public static void main(String[] arguments) {
        try (Classifier classifier = Classifier.load(Path.of(arguments[0]))) {
            System.out.println(
                    classifier.classify(Path.of(arguments[1])).getFirst().name());
        }
    }
}
