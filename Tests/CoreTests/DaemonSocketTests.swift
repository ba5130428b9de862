import Glibc
import Libvirt
import SRIOV
import TestSupport
import Testing
import Text

@testable import Model
@testable import Reading

/// What is said where libvirt can't be reached, by libvirt's own client on real sockets: there is none, nobody listens, not
/// for everybody.
@Suite struct DaemonSocketTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Makes a socket that somebody listens at or has left behind.
    ///
    /// - Returns: the listener's descriptor, for the caller to close.
    private func listen(_ path: String) -> Int32 {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, size) }
        }
        #expect(bound == 0 && Glibc.listen(descriptor, 1) == 0, "errno \(errno)")
        return descriptor
    }

    private static let sockets: [(file: String, services: [String])] = [
        ("libvirt-sock", ["libvirtd", "virtproxyd"]), ("libvirt-sock-ro", ["libvirtd", "virtproxyd"]),
        ("virtqemud-sock", ["virtqemud"]), ("virtqemud-sock-ro", ["virtqemud"]), ("virtxend-sock", ["virtxend"]),
        ("virtproxyd-sock", ["virtproxyd"]), ("virtnetworkd-sock", ["virtnetworkd"]), ("tunnel", []),
        ("my-sock", []), ("libvirt%2Dsock", ["libvirtd", "virtproxyd"]),
    ]

    private func failure(_ uri: String) -> Failure? {
        #expect(throws: Failure.self) { _ = try Host.open(uri, readOnly: true) }
    }

    @Test(arguments: sockets, ["qemu:///system?socket=", "qemu+unix:///system?mode=legacy&socket="])
    func `no socket`(_ socket: (file: String, services: [String]), _ uri: String) throws {
        let failure = failure("\(uri)\(folder.path)/\(socket.file)")
        #expect(failure?.code == .noConnection)
        let text = failure?.hints.first?.text ?? ""
        for service in socket.services { #expect(text.contains("`systemctl start \(service)`"), "\(text)") }
        if socket.services.isEmpty {
            #expect(
                text
                    == "there is no socket \(folder.path)/\(socket.file): is the daemon or tunnel that makes it running?"
            )
        }
        #expect(failure?.hints.last?.text == "or name another host with `--connect URI`")
        #expect(failure?.cause?.contains("VIR_ERR_SYSTEM_ERROR") == true)
    }

    @Test(arguments: sockets)
    func `a socket where nobody listens`(_ socket: (file: String, services: [String])) throws {
        let file = socket.file.replacing("%2D", with: "-")
        close(listen("\(folder.path)/\(file)"))
        let failure = failure("qemu+unix:///system?socket=\(folder.path)/\(socket.file)")
        #expect(failure?.code == .noConnection)
        let text = failure?.hints.first?.text ?? ""
        for service in socket.services { #expect(text.contains("`systemctl restart \(service)`"), "\(text)") }
        #expect(text.contains("nothing listens on it"), "\(text)")
    }

    /// As another user, which only root can become.
    @Test(.enabled(if: geteuid() == 0, "only root can be another user"), arguments: [(0o660, true), (0o600, false)])
    func `a socket for others`(_ mode: Int, _ isForGroup: Bool) throws {
        // That folder is root's alone.
        var template = Array("/tmp/vfpool-socket.XXXXXX".utf8CString)
        let open = try #require(mkdtemp(&template).map { String(cString: $0) })
        let path = "\(open)/libvirt-sock"
        defer {
            unlink(path)
            rmdir(open)
        }
        chmod(open, 0o755)
        let listener = listen(path)
        defer { close(listener) }
        #expect(chown(path, 0, 1) == 0 && chmod(path, mode_t(mode)) == 0)
        let group = try #require(getgrgid(1).map { String(cString: $0.pointee.gr_name) })
        let other = ["/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "env", "-i", Rig.vfpool]
        // Where the built program lies may be root's alone.
        guard try RunningCommand(other + ["--version"], environment: ["PATH": "/usr/bin:/bin"]).wait().status == 0
        else { return }
        let result = try RunningCommand(
            other + ["-c", "qemu+unix:///system?socket=\(path)", "list"], environment: ["PATH": "/usr/bin:/bin"]
        ).wait()
        #expect(result.status == 1 && result.stderr.hasPrefix("error[access-denied]: "), "\(result)")
        let closed = try RunningCommand(
            other + ["-c", "qemu+unix:///system?socket=\(folder.path)/libvirt-sock", "list"],
            environment: ["PATH": "/usr/bin:/bin"]
        ).wait()
        #expect(closed.stderr.hasSuffix("hint: run it as root, or as a member of the group libvirt\n"), "\(closed)")
        let hint = "hint: run it as root" + (isForGroup ? ", or as a member of the group \(group)" : "") + "\n"
        #expect(result.stderr.hasSuffix(hint), "\(result)")
    }

    /// Which daemon a URI means is told by its words alone: what runs on this machine is no test's business.
    @Test func `daemons by URI`() {
        let services: [(uri: String?, services: [Name]?)] = [
            (nil, ["libvirtd", "virtqemud"]), ("qemu:///system", ["libvirtd", "virtqemud"]),
            ("qemu:///session?mode=direct", ["virtqemud"]),
            ("qemu:///system?x=1&mode=legacy", ["libvirtd", "virtproxyd"]),
            ("xen:///system", ["libvirtd", "virtxend"]), ("lxc+unix:///system", ["libvirtd", "virtlxcd"]),
            ("qemu+unix://here/system", ["libvirtd", "virtqemud"]), ("nix:///system", nil),
            ("qemu+ssh://kvm1/system", nil),
            ("qemu+ssh:///system?socket=/run/libvirt/libvirt-sock", nil), ("qemu://kvm1/system", nil),
            ("qemu+tls:///system", nil), ("alias", nil), ("", nil), ("://", nil), ("test:///default", nil),
        ]
        for (uri, expected) in services { #expect(DaemonSocket(uri)?.services == expected, "\(uri ?? "none")") }
    }

    /// Other errors have other cures, and a socket's errno in another error is not one of opening it.
    @Test func `errors of other kinds`() {
        let socket = DaemonSocket("qemu:///system")
        #expect(socket?.hints(LibvirtError(code: .authFailed, message: "no", systemNumber: EACCES)) == nil)
        #expect(socket?.hints(LibvirtError(code: .systemError, message: "no", systemNumber: EPIPE)) == nil)
        #expect(
            socket?.hints(LibvirtError(code: .systemError, message: "no", systemNumber: EACCES))?.first?.text
                == "run it as root, or as a member of the group libvirt")
    }

    /// In the middle of a change, it is a daemon behind the one that is asked.
    @Test func `a daemon behind`() {
        for number in [ENOENT, ECONNREFUSED] {
            let error = LibvirtError(
                code: .systemError, domain: 7, message: "Failed to connect socket", systemNumber: number)
            let failure = Failure("could not list networks", error)
            #expect(failure.code == .noConnection && failure.isDisconnection)
            #expect(failure.hints.first?.text.contains("`systemctl start virtnetworkd.socket`") == true)
        }
        let refused = LibvirtError(code: .systemError, domain: 7, message: "Failed", systemNumber: EACCES)
        #expect(Failure("could not list networks", refused).code == .accessDenied)
    }
}
