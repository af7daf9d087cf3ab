// Native libraries come for the platforms that ONNX Runtime serves, and for no other.
def platforms = ['linux-arm64', 'linux-x86_64', 'macosx-arm64', 'macosx-x86_64', 'windows-x86_64']
for (mode in ['module-path', 'class-path']) {
    def libraries = new File(basedir, "target/$mode/lib").list()
    for (library in ['openblas', 'javacpp']) {
        def found = libraries.findResults { (it =~ /^$library-[-.\d]*\d-(\D.*)\.jar$/).with { it.find() ? it.group(1) : null } }
        assert found.sort() == platforms
    }
    assert new File(basedir, "target/$mode/comparison.json").text.contains('"peakBytes"')
}
