package import Libvirt
package import Model
package import SRIOV
package import Text

/// A hypervisor that tells of every call before it makes it: what `--verbose` shows of a change.
package struct TracedHypervisor: Hypervisor {
    private let base: any Hypervisor
    private let trace: @Sendable (String) -> Void

    package init(_ base: any Hypervisor, trace: @escaping @Sendable (String) -> Void) {
        self.base = base
        self.trace = trace
    }

    package func networkXML(_ name: Name) throws(LibvirtError) -> String? {
        trace("read network \(name)")
        return try base.networkXML(name)
    }

    package func networkIsActive(_ name: Name) throws(LibvirtError) -> Bool {
        trace("is network \(name) active?")
        return try base.networkIsActive(name)
    }

    package func networkAutostarts(_ name: Name) throws(LibvirtError) -> Bool {
        trace("does network \(name) start at boot?")
        return try base.networkAutostarts(name)
    }

    package func defineNetwork(_ xml: String) throws(LibvirtError) {
        trace("virNetworkDefineXMLFlags")
        try base.defineNetwork(xml)
    }

    package func undefineNetwork(_ name: Name) throws(LibvirtError) {
        trace("virNetworkUndefine \(name)")
        try base.undefineNetwork(name)
    }

    package func startNetwork(_ name: Name) throws(LibvirtError) {
        trace("virNetworkCreate \(name)")
        try base.startNetwork(name)
    }

    package func stopNetwork(_ name: Name) throws(LibvirtError) {
        trace("virNetworkDestroy \(name)")
        try base.stopNetwork(name)
    }

    package func setAutostart(_ name: Name, _ on: Bool) throws(LibvirtError) {
        trace("virNetworkSetAutostart \(name) \(on ? "on" : "off")")
        try base.setAutostart(name, on)
    }

    package func portXMLs(_ network: Name) throws(LibvirtError) -> [String]? {
        trace("virNetworkListAllPorts \(network)")
        return try base.portXMLs(network)
    }

    package func hasPort(_ network: Name, uuid: String) throws(LibvirtError) -> Bool? {
        trace("virNetworkPortLookupByUUIDString \(network) \(uuid)")
        return try base.hasPort(network, uuid: uuid)
    }

    package func portUUIDs(_ network: Name) throws(LibvirtError) -> Set<Name>? {
        trace("virNetworkListAllPorts \(network)")
        return try base.portUUIDs(network)
    }

    package func createReservation(_ network: Name, _ xml: String) throws(LibvirtError) {
        trace("virNetworkPortCreateXML \(network)")
        try base.createReservation(network, xml)
    }

    package func deletePort(_ network: Name, uuid: String) throws(LibvirtError) {
        trace("virNetworkPortDelete \(network) \(uuid)")
        try base.deletePort(network, uuid: uuid)
    }

    package func guestXML(_ uuid: String) throws(LibvirtError) -> String? {
        trace("read guest \(uuid)")
        return try base.guestXML(uuid)
    }

    package func liveGuestXML(_ uuid: String) throws(LibvirtError) -> String? {
        trace("read running guest \(uuid)")
        return try base.liveGuestXML(uuid)
    }

    package func defineGuest(_ xml: String) throws(LibvirtError) {
        trace("virDomainDefineXML")
        try base.defineGuest(xml)
    }

    package func plug(_ uuid: String, _ xml: String) throws(LibvirtError) {
        trace("virDomainAttachDeviceFlags \(uuid)")
        try base.plug(uuid, xml)
    }

    package func unplug(
        _ uuid: String, _ xml: String, alias: Name, patience: Double
    ) throws(LibvirtError) -> UnplugOutcome {
        trace("virDomainDetachDeviceFlags \(uuid) \(alias), waiting up to \(patience) s")
        return try base.unplug(uuid, xml, alias: alias, patience: patience)
    }

    package func value(_ attribute: PFChange.Attribute, of pf: PCIAddress) throws(HostError) -> Int? {
        trace("read \(attribute.rawValue) of \(pf)")
        return try base.value(attribute, of: pf)
    }

    package func set(_ attribute: PFChange.Attribute, of pf: PCIAddress, to value: Int) throws(HostError) {
        trace("write \(value) to \(attribute.rawValue) of \(pf)")
        try base.set(attribute, of: pf, to: value)
    }

    package func functions(of pf: PCIAddress) throws(HostError) -> [PCIAddress] { try base.functions(of: pf) }

    package func isSettled(_ pf: PCIAddress) throws(HostError) -> Bool { try base.isSettled(pf) }

    package func users(of pf: PCIAddress) throws(HostError) -> [String] {
        trace("who uses VFs of \(pf)?")
        return try base.users(of: pf)
    }

    package func answer(to trial: SettingsTrial) throws(Failure) -> DriverAnswer {
        trace("try \(trial.wanted.summary) on VF \(trial.function.index) of \(trial.pf.title), and put it back")
        return try base.answer(to: trial)
    }

    package func reconnect() throws(LibvirtError) {
        trace("connecting again")
        try base.reconnect()
    }
}
