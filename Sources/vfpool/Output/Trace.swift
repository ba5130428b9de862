import Glibc

/// Lines on stderr from wherever libvirt is called.
enum Trace {
    static func print(_ text: String, _ style: Style) {
        let bytes = Array((style(.faint, text.printable) + "\n").utf8)
        _ = write(STDERR_FILENO, bytes, bytes.count)
    }
}
