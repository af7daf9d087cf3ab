// What an application that predicts installs: every library of its runtime closure.
long maxBytes = 68_000_000
for (mode in ['module-path', 'class-path']) {
    def libraries = new File(basedir, "target/$mode/lib").listFiles().sort { -it.length() }
    def unwanted = libraries.findAll { it.name =~ /(?i)openblas|javacpp|xchart|vectorgraphics|vitrail-core/ }
    assert unwanted.empty
    long bytes = libraries.sum { it.length() }
    libraries.each { println String.format('%,12d %s', it.length(), it.name) }
    println String.format('%,12d in all', bytes)
    assert bytes <= maxBytes
}
