/** Knows of Vitrail only what the library's modules export. */
module example.core {
    requires org.vitrail.core;
}
