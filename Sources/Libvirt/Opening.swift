import CLibvirt
import Glibc
import Synchronization

/// The opening of one connection, which may hang before there is any.
final class Opening: Sendable {
    private let thread = Atomic<pid_t>(0)
    /// Programs that the thread had started before.
    private let earlier = Mutex<Set<pid_t>>([])
    private let hadEcho = Opening.hasEcho

    func open(_ uri: String?, readOnly: Bool) -> OpaquePointer? {
        thread.store(vfpool_thread(), ordering: .relaxed)
        earlier.withLock { $0 = children }
        return virConnectOpenAuth(uri, vfpool_auth(), readOnly ? VIR_CONNECT_RO.rawValue : 0)
    }

    /// Whether a person is asked for a password: by libvirt, or by the ssh that it started, which turns the terminal's echo
    /// off meanwhile.
    var isAsking: Bool { vfpool_is_asking() || hadEcho && !Self.hasEcho }

    /// Ends the programs that libvirt has started for this connection: an ssh that gets no answer either.
    func abandon() {
        for child in children.subtracting(earlier.withLock { $0 }) { kill(child, SIGTERM) }
    }

    private var children: Set<pid_t> {
        let file = Glibc.open("/proc/self/task/\(thread.load(ordering: .relaxed))/children", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return [] }
        defer { close(file) }
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = max(0, read(file, &buffer, buffer.count))
        return Set(
            buffer[..<count].split(separator: UInt8(ascii: " ")).compactMap {
                pid_t(String(decoding: $0, as: UTF8.self))
            })
    }

    private static var hasEcho: Bool {
        let terminal = Glibc.open("/dev/tty", O_RDONLY | O_CLOEXEC | O_NOCTTY)
        guard terminal >= 0 else { return false }
        defer { close(terminal) }
        var modes = termios()
        return tcgetattr(terminal, &modes) == 0 && modes.c_lflag & tcflag_t(ECHO) != 0
    }
}
