/** Knows of Vitrail only what the library's modules export. */
module example.runtime {
    requires org.vitrail.runtime;
}
