import FoundationEssentials
import Glibc
package import Libvirt
package import SRIOV
import XML

/// One hypervisor host: its libvirt, and its kernel when that is this machine's. Reads both into a `State`.
package final class Host: Sendable {
    package let connection: Connection
    package let uri: String
    /// Whether this machine's kernel is the host's.
    package let isLocal: Bool
    package let sysfs: Sysfs
    let isReadOnly: Bool
    let driver: String

    private init(_ connection: Connection, uri: String, isLocal: Bool, sysfs: Sysfs, isReadOnly: Bool, driver: String) {
        self.connection = connection
        self.uri = uri
        self.isLocal = isLocal
        self.sysfs = sysfs
        self.isReadOnly = isReadOnly
        self.driver = driver
    }

    /// Connects.
    ///
    /// - Parameters:
    ///   - uri: nil leaves the choice to libvirt, as virsh does.
    ///   - events: whether a hot-unplug has to be waited for.
    ///   - option: how the URI is given, for hints.
    /// - Throws: `no-connection`, `access-denied`.
    package static func open(
        _ uri: String?, readOnly: Bool, events: Bool = false, option: String = "--connect", sysfs: Sysfs = Sysfs()
    ) throws(Failure) -> Host {
        Document.silenceLibrary()
        do throws(LibvirtError) {
            let connection = try Connection.open(
                uri, readOnly: readOnly, events: events || hasServer(uri ?? ""))
            let actual = try connection.uri()
            let driver = try connection.driverType()
            return Host(
                connection, uri: actual, isLocal: try isLocal(actual, driver: driver, connection), sysfs: sysfs,
                isReadOnly: readOnly, driver: driver)
        } catch {
            throw connectionFailure(uri, error, option)
        }
    }

    private static func connectionFailure(_ uri: String?, _ error: LibvirtError, _ option: String) -> Failure {
        let usual = ProcessInfo.processInfo.environment["LIBVIRT_DEFAULT_URI"] ?? ""
        let name = uri ?? (usual.isEmpty ? "libvirt" : usual)
        let failure = Failure("could not connect to \(name)", error)
        if failure.code == .accessDenied { return failure }
        let hint: Hint =
            if error.code == .libraryMissing {
                "install libvirt's client library, on Debian the package libvirt0"
            } else if name.hasPrefix("test:") {
                "the test driver's URI is test:///FILE, with a file that describes a host"
            } else if error.code == .noConnect {
                "no driver of libvirt takes this URI; name the host as `\(shell: option) qemu:///system`"
            } else {
                "is libvirt's daemon running there? name the host with `\(shell: option) URI`"
            }
        return Failure(.noConnection, failure.message, cause: failure.cause, hints: [hint])
    }

    /// Whether the URI names another machine: then the link may die silently, and events bring a keep-alive.
    private static func hasServer(_ uri: String) -> Bool {
        guard let start = uri.firstRange(of: "://") else { return false }
        return !uri[start.upperBound...].hasPrefix("/") && !uri.hasPrefix("test:")
    }

    /// A URI without a server leads to this machine, unless its socket is one end of a tunnel.
    private static func isLocal(
        _ uri: String, driver: String, _ connection: Connection
    ) throws(LibvirtError) -> Bool {
        guard driver != "TEST", let start = uri.firstRange(of: "://") else { return false }
        let rest = uri[start.upperBound...]
        guard rest.hasPrefix("/") else { return false }
        guard rest.contains("socket=") else { return true }
        var buffer = [CChar](repeating: 0, count: 256)
        gethostname(&buffer, buffer.count - 1)
        let own = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        // The daemon may say the same name with its domain.
        return try connection.hostName().split(separator: ".").first == own.split(separator: ".").first
    }

    /// Whether everything that the host does with its functions can be seen: the kernel's word, and every process.
    package var seesHostUses: Bool { isLocal && geteuid() == 0 }

    /// Whether the host has a Linux bridge of that name. Of another host libvirt tells of its netdevs, not all of them with
    /// every backend; nil where it knows none of that name, or does not tell.
    package func isBridge(_ name: String) -> Bool? {
        if isLocal { return sysfs.isBridge(name) }
        return (try? connection.hasInterface(named: name)) == true ? true : nil
    }

    /// That this user may change what the host's kernel and files say; asked before anything is begun.
    ///
    /// - Throws: `access-denied`. Of another machine nothing is said here: what is asked of it has its own refusal.
    package func checkMayChangeItself() throws(Failure) {
        guard isLocal, geteuid() != 0 else { return }
        throw Failure(
            .accessDenied, "only root can change the host's VF counts and files, and see who uses its VFs",
            hints: ["run it as root", "look at the plan with `--dry-run`"])
    }

    /// One picture of everything that decisions are made from.
    package func state() throws(Failure) -> State {
        do throws(LibvirtError) {
            return try StateReader.read(self)
        } catch {
            throw Failure("could not read the host", error)
        }
    }
}
