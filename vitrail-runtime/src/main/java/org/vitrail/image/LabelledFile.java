package org.vitrail.image;

import java.nio.file.Path;
import java.util.OptionalInt;

/** A picture's file and its class, where it is known. */
record LabelledFile(Path file, OptionalInt label) {}
