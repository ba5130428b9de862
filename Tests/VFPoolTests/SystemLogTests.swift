import FoundationEssentials
import Glibc
import TestSupport
import Testing

/// The hook runs as libvirt's daemon does, as root: names in its messages are text, never a format.
@Suite struct SystemLogTests {
    /// Each was a conversion that wrote to memory, or read from it, where text is taken for a format. A `%` after
    /// U+0600, or before U+0301, is half of a Character.
    static let names = [
        "%n", "%s%s%s%s%n", "%%n", "\u{0600}%n", "\u{0600}%s", "%\u{0301}n", "x\u{200D}%n", "\u{0600}%%n", "%1$n", "%m",
        "\u{0600}%m", "%*d",
    ]

    @Test(arguments: names) func theHookSaysNamesAsTheyAre(_ name: String) throws {
        let host = try CLIHost()
        let result = try host.run(["hook", "run", "qemu", name, "start", "begin", "-"], input: "x\n")
        #expect(result.status == 1, "\(result)")
        #expect(
            result.stderr.utf8.starts(with: "vfpool: could not read the document of guest \(name): ".utf8), "\(result)")
    }

    @Test(.enabled(if: canHaveALogOfItsOwn, "a log of its own takes a mount namespace"), arguments: names)
    func theLogHasNamesAsTheyAre(_ name: String) throws {
        let host = try CLIHost()
        let log = try LogSocket(host.folder + "/log")
        let script = "mount -t tmpfs none /dev && ln -s \"$1\" /dev/log && shift && exec \"$@\""
        let process = try RunningCommand(
            ["/usr/bin/unshare", "-m", "/bin/sh", "-c", script, "sh", log.path]
                + [Rig.vfpool, "hook", "run", "qemu", name, "start", "begin", "-"],
            environment: host.environment, input: "x\n")
        let result = try process.wait()
        #expect(result.status == 1, "\(result)")
        let text = log.received()
        let expected = "]: could not read the document of guest \(name): "
        #expect(text.utf8.starts(with: "<27>".utf8), "\(text)")
        #expect(text.contains(" vfpool["), "\(text)")
        #expect(Array(text.utf8).firstRange(of: expected.utf8) != nil, "\(text)")
    }

    static let canHaveALogOfItsOwn =
        geteuid() == 0
        && (try? RunningCommand(["/usr/bin/unshare", "-m", "/bin/true"], environment: [:]).wait().status) == 0
}

/// What `/dev/log` is to the programs of a host.
private final class LogSocket {
    let path: String
    private let descriptor: Int32

    init(_ path: String) throws {
        self.path = path
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let room = MemoryLayout.size(ofValue: address.sun_path)
        guard path.utf8.count < room else { throw RigError("the path is too long: \(path)") }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let status = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard status == 0 else { throw RigError("cannot bind \(path): \(String(cString: strerror(errno)))") }
    }

    deinit { close(descriptor) }

    /// The first message; empty if there is none.
    func received() -> String {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        return String(decoding: buffer.prefix(max(count, 0)), as: UTF8.self)
    }
}
