import FoundationEssentials
import Glibc
import Journal
import Libvirt
import Model
import Reading
import Reporting
import SRIOV
import Text

/// What a bug report is made of, as far as it can be had: each part by itself, so that a dead daemon costs its own parts alone.
struct BugReportReader {
    /// A document of a pool or guest.
    struct Document {
        var kind: Masks.Kind
        var name: Name
        /// `inactive` or `live`.
        var version: String
        var xml: String
    }

    /// A part that could not be had, and why.
    struct Missing {
        var part: String
        var reason: String
    }

    private(set) var uri: String?
    private(set) var state: State?
    private(set) var diagnosis: Diagnosis?
    private(set) var log: LogReport?
    private(set) var documents: [Document] = []
    /// How many guests have nothing to do with VFs; their documents are left out.
    private(set) var otherGuests = 0
    private(set) var versions: [(subject: String, version: String)] = []
    /// What the kernel says, where libvirt can't be asked for it.
    private(set) var pfs: [PhysicalFunction] = []
    private(set) var missing: [Missing] = []
    /// Names of this host.
    private(set) var hosts: [String] = []

    /// How many of the newest changes are in it.
    static let mostChanges = 100

    init(_ connection: ConnectionOptions, _ output: Output) {
        versions = Self.ownVersions
        hosts = [HostIdentity.ofThisMachine().name].compactMap(\.self)
        if let uri = connection.uri ?? Terminal.environment["LIBVIRT_DEFAULT_URI"] { hosts += Self.servers(uri) }
        readLibvirt(connection, output)
        readPFs()
        do throws(Failure) {
            log = try LogReport(
                Journal(StateFolder.standard(Terminal.environment)), limit: Self.mostChanges, machine: .ofThisMachine())
        } catch {
            add("the journal", error)
        }
        if geteuid() != 0 {
            missing.append(Missing(part: "the journal of root", reason: "not run as root"))
        }
    }

    private mutating func add(_ part: String, _ failure: Failure) {
        missing.append(Missing(part: part, reason: failure.message + (failure.cause.map { ": \($0)" } ?? "")))
    }

    private mutating func readLibvirt(_ connection: ConnectionOptions, _ output: Output) {
        let host: Host
        do throws(Failure) {
            host = try Host.open(connection.uri, readOnly: true, timeout: connection.patience)
        } catch {
            uri = connection.uri ?? Terminal.usualURI
            return add("all that libvirt tells (list, status, doctor, documents)", error)
        }
        uri = host.uri
        hosts += Self.servers(host.uri)
        hosts += [try? host.connection.hostName()].compactMap(\.self)
        versions.append(("libvirt, its daemon", Self.text(try? host.connection.daemonVersion())))
        versions.append(("hypervisor", Self.text(try? host.connection.hypervisorVersion())))
        let state: State
        do throws(Failure) {
            state = try OneRead.state(host, output)
        } catch {
            return add("list, status, doctor, documents", error)
        }
        self.state = state
        do throws(Failure) {
            diagnosis = try Diagnosis(state, host.facts(state, stateFolder: StateFolder.standard(Terminal.environment)))
        } catch {
            add("doctor", error)
        }
        readDocuments(state, host)
    }

    private mutating func readDocuments(_ state: State, _ host: Host) {
        for pool in state.pools {
            documents.append(Document(kind: .pool, name: pool.name, version: "inactive", xml: pool.inactiveXML))
            guard pool.isActive, pool.showsPersistent else { continue }
            do throws(LibvirtError) {
                let live = try host.connection.network(named: pool.name).xml()
                documents.append(Document(kind: .pool, name: pool.name, version: "live", xml: live))
            } catch {
                add("the live document of pool \(pool.name)", Failure("could not read it", error))
            }
        }
        let pools = Set(state.pools.map(\.name))
        for guest in state.guests {
            let interfaces = guest.interfaces + guest.liveInterfaces
            let isAbout =
                !guest.held.isEmpty || !guest.liveHeld.isEmpty
                || interfaces.contains { interface in
                    interface.attachment.pinnedAddress != nil
                        || interface.attachment.networkName.map(pools.contains) ?? false
                }
            guard isAbout else {
                otherGuests += 1
                continue
            }
            documents.append(Document(kind: .guest, name: guest.name, version: "inactive", xml: guest.inactiveXML))
            if let live = guest.liveXML {
                documents.append(Document(kind: .guest, name: guest.name, version: "live", xml: live))
            }
        }
    }

    /// Of this machine's kernel, also without libvirt.
    private mutating func readPFs() {
        if let state, !state.isLocal { return }
        do throws(HostError) {
            pfs = try Sysfs().physicalFunctions()
        } catch {
            add("PFs", Failure(.unreadable, "could not read this machine's PFs", error))
        }
    }

    // MARK: Words

    /// The server of a URI that has one, with who is to log in there.
    private static func place(_ uri: String) -> Substring {
        guard let start = uri.firstRange(ofBytes: "://") else { return "" }
        return uri[start.upperBound...].prefix { !$0.isOne(of: "/?") }
    }

    /// Who is to log in at a URI's server.
    static func login(_ uri: String) -> String? {
        (place(uri).cut(atLast: "@")?.before).map(String.init)
    }

    /// The server of a URI that has one.
    static func servers(_ uri: String) -> [String] {
        let server = place(uri)
        let name = server.cut(atLast: "@")?.after ?? server
        return name.hasPrefix(bytes: "[")
            ? [] : [name.cut(at: ":")?.before ?? name].filter { !$0.isEmpty }.map(String.init)
    }

    private static func text(_ version: LibvirtVersion?) -> String { version.map { "\($0)" } ?? "can't be asked" }

    private static var ownVersions: [(subject: String, version: String)] {
        var system = utsname()
        let kernel = uname(&system) == 0 ? "\(text(&system.release)) \(text(&system.machine))" : "can't be asked"
        let release = (try? Files.read("/etc/os-release", limit: 65_536)) ?? ""
        let name = release.lines.compactMap { $0.without(prefix: "PRETTY_NAME=") }.first
        return [
            ("vfpool", VFPool.version),
            ("libvirt, its library", text(Connection.clientVersion)),
            ("kernel", kernel),
            (
                "distribution",
                name.map { String(decoding: $0.utf8.filter { $0 != UInt8(ascii: "\"") }, as: UTF8.self) }
                    ?? "unknown"
            ),
        ]
    }

    private static func text<Field>(_ field: inout Field) -> String {
        withUnsafeBytes(of: &field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
