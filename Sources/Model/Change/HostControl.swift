package import SRIOV

/// What a change does to the host itself, besides libvirt: its kernel's attributes of ports.
package protocol HostControl: Sendable {
    /// An attribute's number; nil where there is no such port, or no such attribute.
    func value(_ attribute: PortChange.Attribute, of port: PCIAddress) throws(HostError) -> Int?
    func set(_ attribute: PortChange.Attribute, of port: PCIAddress, to value: Int) throws(HostError)
    /// The port's VFs, in order of their index.
    func functions(of port: PCIAddress) throws(HostError) -> [PCIAddress]
    /// Whether new VFs have what they get: a driver's netdev, and udev's attention.
    func isSettled(_ port: PCIAddress) throws(HostError) -> Bool
    /// Who uses a VF of it at this moment, in a few words each.
    func users(of port: PCIAddress) throws(HostError) -> [String]
}
