import FoundationEssentials
import Glibc
package import Libvirt
package import Model
package import SRIOV
package import Text
import XML

/// One hypervisor host: its libvirt, and its kernel when that is this machine's. Reads both into a `State`.
package final class Host: Sendable {
    package let connection: Connection
    package let uri: String
    /// Whether this machine's kernel is the host's.
    package let isLocal: Bool
    package let sysfs: Sysfs
    package let patience: Patience
    package let hasEvents: Bool
    let isReadOnly: Bool
    let driver: String

    private init(
        _ connection: Connection, uri: String, isLocal: Bool, sysfs: Sysfs, patience: Patience, hasEvents: Bool,
        isReadOnly: Bool, driver: String
    ) {
        self.connection = connection
        self.uri = uri
        self.isLocal = isLocal
        self.sysfs = sysfs
        self.patience = patience
        self.hasEvents = hasEvents
        self.isReadOnly = isReadOnly
        self.driver = driver
    }

    /// Connects.
    ///
    /// - Parameters:
    ///   - uri: nil leaves the choice to libvirt, as virsh does.
    ///   - events: whether a hot-unplug has to be waited for.
    ///   - option: how the URI is given, for hints.
    ///   - timeout: how long libvirt is waited for.
    ///   - again: whether the daemon was there a moment ago, so that it is waited for.
    /// - Throws: `no-connection`, `access-denied`, `timeout`.
    package static func open(
        _ uri: String?, readOnly: Bool, events: Bool = false, option: String = "--connect",
        timeout: Timeout = Timeout(), again: Bool = false, sysfs: Sysfs = Sysfs()
    ) throws(Failure) -> Host {
        Document.silenceLibrary()
        try checkDescriptors(uri)
        do throws(LibvirtError) {
            let events = events || hasServer(uri ?? "")
            let patience = timeout.patience
            let connection =
                again
                ? try Connection.openAgain(uri, events: events, patience: patience)
                : try Connection.open(uri, readOnly: readOnly, events: events, patience: patience)
            let actual = try connection.uri()
            let driver = try connection.driverType()
            if let part = partialDriver(actual) {
                throw LibvirtError(
                    code: .noConnect, message: "this is libvirt's driver \(part) alone, which knows no guests")
            }
            return Host(
                connection, uri: actual, isLocal: try isLocal(actual, driver: driver, connection), sysfs: sysfs,
                patience: patience, hasEvents: events, isReadOnly: readOnly, driver: driver)
        } catch {
            throw connectionFailure(uri, error, option)
        }
    }

    /// The driver of a URI that leads to one of those that serve the hypervisors', such as `network:///system`.
    private static func partialDriver(_ uri: String) -> Name? {
        let parts: Set<Name> = ["interface", "network", "nodedev", "nwfilter", "secret", "storage"]
        let scheme = uri.split(byte: ":", keepsEmpty: true).first?.split(byte: "+", keepsEmpty: true).first
        return scheme.map { Name($0) }.flatMap { parts.contains($0) ? $0 : nil }
    }

    /// A few files can be opened: libvirt's library aborts the process where it can't make its own.
    private static func checkDescriptors(_ uri: String?) throws(Failure) {
        var files: [Int32] = []
        defer { for file in files { close(file) } }
        for _ in 0..<4 {
            let file = Glibc.open("/dev/null", O_RDONLY | O_CLOEXEC)
            guard file >= 0 else {
                throw Failure(.noConnection, "could not connect to \(uri ?? "libvirt")", HostError("/dev/null", errno))
            }
            files.append(file)
        }
    }

    private static func connectionFailure(_ uri: String?, _ error: LibvirtError, _ option: String) -> Failure {
        let usual = ProcessInfo.processInfo.environment["LIBVIRT_DEFAULT_URI"] ?? ""
        let name = uri ?? (usual.isEmpty ? "libvirt" : usual)
        var failure = Failure("could not connect to \(name)", error)
        let known = uri ?? (usual.isEmpty ? nil : usual)
        if let hints = DaemonSocket(known)?.hints(error) {
            failure.hints = hints
            if failure.code == .accessDenied { return failure }
            return Failure(
                .noConnection, failure.message, cause: failure.cause,
                hints: hints + ["or name another host with `\(shell: option) URI`"])
        }
        if failure.code == .accessDenied || failure.code == .timeout { return failure }
        let hint: Hint =
            if error.code == .libraryMissing {
                "install libvirt's client library, on Debian the package libvirt0"
            } else if name.hasPrefix(bytes: "test:") {
                "the test driver's URI is test:///FILE, with a file that describes a host"
            } else if error.code == .noConnect {
                "no driver of libvirt's for guests takes this URI; name the host as `\(shell: option) qemu:///system`"
            } else {
                "is libvirt's daemon running there? name the host with `\(shell: option) URI`"
            }
        return Failure(.noConnection, failure.message, cause: failure.cause, hints: [hint])
    }

    /// Whether the URI names another machine: then the link may die silently, and events bring a keep-alive.
    private static func hasServer(_ uri: String) -> Bool {
        guard let start = uri.firstRange(ofBytes: "://") else { return false }
        return !uri[start.upperBound...].hasPrefix(bytes: "/") && !uri.hasPrefix(bytes: "test:")
    }

    /// A URI without a server leads to this machine, unless its socket is one end of a tunnel.
    private static func isLocal(
        _ uri: String, driver: String, _ connection: Connection
    ) throws(LibvirtError) -> Bool {
        guard driver != "TEST", let start = uri.firstRange(ofBytes: "://") else { return false }
        let rest = uri[start.upperBound...]
        guard rest.hasPrefix(bytes: "/") else { return false }
        guard rest.contains(bytes: "socket=") else { return true }
        var buffer = [CChar](repeating: 0, count: 256)
        gethostname(&buffer, buffer.count - 1)
        let own = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        // The daemon may say the same name with its domain.
        let (name, ownName) = (try connection.hostName().split(byte: ".").first, own.split(byte: ".").first)
        return name.map { Name($0) } == ownName.map { Name($0) }
    }

    /// How many connections a large change may take: where one costs nothing but a few calls, and nobody is asked who he is.
    package var connectionsAtOnce: Int { isLocal && driver == "QEMU" && geteuid() == 0 ? 4 : 1 }

    /// Whether everything that the host does with its functions can be seen: the kernel's word, and every process.
    package var seesHostUses: Bool { isLocal && geteuid() == 0 }

    /// Whether the host has a Linux bridge of that name. Of another host libvirt tells of its netdevs, not all of them with
    /// every backend; nil where it knows none of that name, or does not tell.
    package func isBridge(_ name: Name) -> Bool? {
        if isLocal { return sysfs.isBridge(name.string) }
        return (try? connection.hasInterface(named: name)) == true ? true : nil
    }

    /// Notes of bridges whether they tell VLANs apart: of those that are named, and of those that networks are over.
    package func noteBridges(_ names: [Name], in state: State) -> State {
        guard isLocal else { return state }
        var state = state
        for name in Set(names + state.networks.compactMap(\.settings.bridge)) {
            state.bridgeFilters[name] = sysfs.filtersVLANs(name.string)
        }
        return state
    }

    /// Notes of VFIO drivers whether the host has them, or can load them.
    package func noteDrivers(_ names: [String], in state: State) -> State {
        guard isLocal else { return state }
        var state = state
        for name in names { state.vfioDrivers[Name(name)] = sysfs.hasDriver(name) }
        return state
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

    /// Whether the daemon is still there, as far as this side knows.
    package var isAlive: Bool { (try? connection.isAlive()) ?? false }

    /// What tells that something may have changed; nil where nothing does.
    package func events() -> HostEvents? { try? HostEvents(connection) }

    /// One picture of everything that decisions are made from.
    package func state() throws(Failure) -> State {
        try StateReader.read(self)
    }
}
