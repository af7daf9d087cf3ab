package org.vitrail.image;

import java.nio.file.Path;
import java.util.OptionalInt;

/** An image file and its class, if it is known. */
record LabelledFile(Path file, OptionalInt label) {}
