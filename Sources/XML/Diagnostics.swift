import CLibXML2
import Text

/// What libxml2 says while a piece of work is done: collected here, never printed.
///
/// This is the only door for libxml2's diagnostics. Its handler belongs to the thread, so documents may be read on several
/// threads at once, and whoever listened before (libvirt's own library, in this process) gets it back afterwards.
final class Diagnostics {
    /// Hostile input can make one for every few bytes.
    private static let limit = 16

    private(set) var problems: [Problem] = []

    /// Does the work, and returns its result with what libxml2 said meanwhile.
    static func collected<Result>(_ work: () -> Result) -> (result: Result, problems: [Problem]) {
        Library.start()
        let diagnostics = Diagnostics()
        let result = withExtendedLifetime(diagnostics) {
            var listener = vfpool_listener()
            listener.heard = { collector, message, line in
                guard let collector, let message else { return }
                Unmanaged<Diagnostics>.fromOpaque(collector).takeUnretainedValue().add(message, line: Int(line))
            }
            listener.collector = Unmanaged.passUnretained(diagnostics).toOpaque()
            // One address from the first call to the second: libxml2 keeps it in between.
            return withUnsafeMutablePointer(to: &listener) { listener in
                vfpool_listen(listener)
                defer { vfpool_stop_listening(listener) }
                return work()
            }
        }
        return (result, diagnostics.problems)
    }

    private func add(_ message: UnsafePointer<CChar>, line: Int) {
        guard problems.count < Diagnostics.limit else { return }
        let words = String(cString: message).split(bytes: { $0.isOne(of: "\r\n") }).joined(separator: " ")
        let problem = Problem(line: line > 0 ? line : nil, message: words)
        if problem != problems.last { problems.append(problem) }
    }
}
