package import Libvirt
import Model
import SRIOV
import Text
import XML

/// Names on a host, for completing what is being typed: only what is needed, and without the rest of the picture.
extension Host {
    package func guestNames() throws(LibvirtError) -> [String] {
        try connection.domains().map(\.name).sorted().map(\.string)
    }

    package func networkNames() throws(LibvirtError) -> [String] {
        try connection.networks().map(\.name).sorted().map(\.string)
    }

    package func poolNames() throws(LibvirtError) -> [String] {
        try connection.inParallel(try connection.networks()) { (network) throws(LibvirtError) -> Name? in
            guard let document = try? Document(parsing: try network.xml()) else { return nil }
            return NetworkReader.configuration(in: document) == nil ? nil : network.name
        }.compactMap(\.self).sorted().map(\.string)
    }

    /// What names a guest's interfaces: MACs and aliases.
    package func interfaceNames(of guest: String) throws(LibvirtError) -> [String] {
        let xml = try connection.domain(named: Name(guest)).xml(.inactive)
        guard let document = try? Document(parsing: xml),
            let interfaces = try? GuestReader.interfaces(in: document, functions: [])
        else { return [] }
        return interfaces.flatMap { [$0.mac?.description, $0.alias?.string].compactMap(\.self) }
    }

    package func portgroupNames(of pool: String) throws(LibvirtError) -> [String] {
        guard let document = try? Document(parsing: try connection.network(named: Name(pool)).xml()) else { return [] }
        return (NetworkReader.configuration(in: document)?.portgroups ?? []).map(\.name).sorted().map(\.string)
    }

    /// PFs that can have functions, by what people call them.
    package func pfNames() throws(LibvirtError) -> [String] {
        let pfs =
            isLocal ? (try? sysfs.physicalFunctions()) ?? [] : try NodeDeviceReader(connection).physicalFunctions()
        return pfs.map(\.title).sorted().map(\.string)
    }
}
