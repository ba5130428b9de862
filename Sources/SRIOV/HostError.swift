import Glibc

/// What the kernel answered to a read or write that did not succeed.
package struct HostError: Error, Sendable, Hashable {
    package let path: String
    /// The C library's `errno`.
    package let number: Int32

    package init(_ path: String, _ number: Int32) {
        self.path = path
        self.number = number
    }

    /// What could not be read, and why, for people.
    package var words: String { "\(path): \(String(cString: strerror(number)))" }

    /// Whether it says that there is no such thing. Everything else says that it can't be told, which is not "no":
    /// the process may be out of file descriptors or memory, or may not look.
    package var isAbsence: Bool { Self.absences.contains(number) }

    /// Whether this user may not look.
    package var isDenial: Bool { number == EACCES || number == EPERM }

    /// ESRCH: a process that has ended since /proc listed it.
    private static let absences: Set = [ENOENT, ENOTDIR, ENODEV, ENXIO, ESRCH]
}
