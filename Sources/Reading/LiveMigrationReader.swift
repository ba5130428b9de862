import Libvirt
package import Model
import SRIOV
package import Text
import XML

/// Reads what decides of a live migration, besides the two hosts' pictures.
package enum LiveMigrationReader {
    /// - Parameters:
    ///   - netdevs: names of bridges and netdevs that the guest's interfaces lead to.
    ///   - networks: names of networks that they are on.
    /// - Throws: `connection-lost`.
    package static func host(
        _ host: Host, _ state: State, netdevs names: Set<Name>, networks: Set<Name>
    ) throws(Failure) -> LiveMigrationHost {
        do throws(LibvirtError) {
            return LiveMigrationHost(
                state: state, uuid: try uuid(host), emulator: try emulator(host),
                netdevs: try netdevs(host, names), kinds: try kinds(host, state, networks), hooks: hooks(host),
                migration: host.isLocal
                    ? .known(host.sysfs.migration(of: state.pfs)) : .unknown(HostFacts.elsewhere))
        } catch {
            throw Failure("could not ask \(host.uri)", error)
        }
    }

    private static func uuid(_ host: Host) throws(LibvirtError) -> Fact<String> {
        let text = try unlessRefused { () throws(LibvirtError) in try host.connection.capabilities() }
        let document = text.flatMap { try? Document(parsing: $0) }
        return document?.root.first(path: ["host", "uuid"]).map { .known($0.text.asciiLowercased) }
            ?? .unknown("libvirt gives no UUID of the host at \(host.uri)")
    }

    private static func emulator(_ host: Host) throws(LibvirtError) -> Fact<LibvirtVersion> {
        guard host.driver == "QEMU" else { return .unknown("the hypervisor at \(host.uri) is not QEMU") }
        let version = try unlessRefused { () throws(LibvirtError) in try host.connection.hypervisorVersion() }
        return version.map { .known($0) } ?? .unknown("libvirt at \(host.uri) does not give the version of its QEMU")
    }

    /// Those of the names that the host has netdevs of.
    private static func netdevs(_ host: Host, _ names: Set<Name>) throws(LibvirtError) -> Fact<Set<Name>> {
        var found: Set<Name> = []
        for name in names {
            let isThere = try unlessRefused { () throws(LibvirtError) in try host.connection.hasInterface(named: name) }
            guard let isThere else { return .unknown("libvirt at \(host.uri) does not list the host's netdevs") }
            if isThere { found.insert(name) }
        }
        return .known(found)
    }

    private static func kinds(
        _ host: Host, _ state: State, _ networks: Set<Name>
    ) throws(LibvirtError) -> [Name: FunctionKind] {
        var kinds: [Name: FunctionKind] = [:]
        for name in networks {
            guard let pool = state.network(name), pool.isPool,
                let address = state.coverage(of: pool).first?.address ?? pool.live?.addresses.first
            else { continue }
            let text = try unlessRefused { () throws(LibvirtError) in
                try host.connection.nodeDevice(named: address.nodeDeviceName).xml()
            }
            kinds[name] = text.flatMap { try? Document(parsing: $0) }.flatMap { FunctionKind($0.root) }
        }
        return kinds
    }

    private static func hooks(_ host: Host) -> Fact<[Name: Bool]> {
        host.isLocal
            ? HostFactsReader(files: SystemFiles(), sysfs: host.sysfs).hooks() : .unknown(HostFacts.elsewhere)
    }

    /// Nil where libvirt does not have it, or does not tell it; a lost connection is another matter.
    private static func unlessRefused<T>(_ body: () throws(LibvirtError) -> T) throws(LibvirtError) -> T? {
        do throws(LibvirtError) {
            return try body()
        } catch  where !error.connectionLost {
            return nil
        }
    }
}

extension FunctionKind {
    /// Of a node device's document.
    init?(_ device: Element) {
        guard let capability = device.all("capability").first(where: { $0[attribute: "type"] == "pci" }),
            let vendor = capability.first("vendor"), let product = capability.first("product"),
            let vendorID = vendor[attribute: "id"], let productID = product[attribute: "id"]
        else { return nil }
        let name = [vendor.text, product.text].filter { !$0.isEmpty }.joined(separator: " ")
        self.init(vendor: vendorID, product: productID, name: name)
    }
}
