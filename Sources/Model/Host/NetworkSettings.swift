package import SRIOV
package import Text

/// What any libvirt network gives its guests beside a link, and which netdevs of the host it takes for itself.
package struct NetworkSettings: Sendable, Equatable {
    /// The forward mode; nil for an isolated network.
    package var mode: String?
    /// Netdevs that the network uses: `<forward dev>` and `<interface dev>`.
    package var devices: [Name] = []
    /// The PF whose functions' netdevs a macvtap network uses: `<pf dev>` of any mode but `hostdev`.
    package var pf: Name?
    /// The bridge of the host that the network's guests are on.
    package var bridge: Name?
    /// `<pf isolated='yes'>`: guests can't reach each other.
    package var isIsolated = false
    package var virtualport: String?
    package var vlan: Int?
    package var portgroups: [Portgroup] = []
    /// Portgroups that limit each guest's bandwidth.
    package var limitedPortgroups: Set<Name> = []
    /// Children of the document that a hostdev network can't have: libvirt refuses to define it.
    package var refused: [String] = []
    /// The driver that `<forward>` names; only VFIO works.
    package var driver: String?
    /// The VFIO driver that it names (libvirt 10.0.0); nil leaves it to libvirt.
    package var driverModel: String?

    /// What people call it.
    package var titles = Titles()

    package init() {}

    /// Whether its guests get macvtaps on netdevs of the host, each one its own.
    package var isPassthrough: Bool { mode == "passthrough" }
}

extension PoolConfiguration {
    /// Why no guest could start on a network like this, in sentences; libvirt accepts them all.
    ///
    /// - Parameter functions: those that it hands out.
    package func problems(_ settings: NetworkSettings, _ functions: [VirtualFunction]) -> [String] {
        var problems: [String] = []
        if !isManagedByLibvirt, let problem = Self.unmanaged(functions) { problems.append(problem) }
        if let type = settings.virtualport, type != "802.1Qbh" {
            problems.append("a virtualport of type \(type) does not work with VFs")
        }
        if settings.virtualport != nil, vlan != nil || portgroups.contains(where: { $0.vlan != nil }) {
            problems.append("a VLAN and a virtualport exclude each other on a VF")
        }
        if settings.isIsolated { problems.append("VFs can't be isolated from each other (port isolated='yes')") }
        if let driver = settings.driver, driver != "vfio" {
            problems.append("the driver \(driver) is not there any more")
        }
        if hasTrunk { problems.append("a VF can't have a VLAN trunk") }
        return problems
    }

    /// libvirt then takes a VF as it is: it has to be VFIO's already, as where the host gives VFs to it when they come.
    private static func unmanaged(_ functions: [VirtualFunction]) -> String? {
        let others = functions.filter { !$0.isBoundToVFIO }
        guard !others.isEmpty else { return nil }
        let drivers = Set(others.map { $0.driver ?? "no driver" }).sorted()
        return
            "without managed='yes' each VF has to be detached by hand before a guest starts, and \(Words.vfs(others.map(\.index))) \(others.count == 1 ? "has" : "have") \(drivers.joined(separator: ", "))"
    }
}

extension State {
    /// Why no guest could start on a pool, in sentences.
    package func problems(of pool: NetworkState) -> [String] {
        guard let configuration = pool.configuration else { return [] }
        return configuration.problems(pool.settings, coverage(of: pool))
            + [pool.settings.driverModel.flatMap { DriverModel.missing($0, self) }].compactMap(\.self)
    }
}
