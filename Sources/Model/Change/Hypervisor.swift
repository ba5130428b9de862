package import Libvirt
package import Text

/// The calls that applying a change needs: libvirt's and the host's own, behind a seam that tests can make fail on cue.
package protocol Hypervisor: HostControl {
    /// A network's persistent document; nil where there is no such network, or only a transient one.
    func networkXML(_ name: Name) throws(LibvirtError) -> String?
    func networkIsActive(_ name: Name) throws(LibvirtError) -> Bool
    func networkAutostarts(_ name: Name) throws(LibvirtError) -> Bool
    func defineNetwork(_ xml: String) throws(LibvirtError)
    func undefineNetwork(_ name: Name) throws(LibvirtError)
    func startNetwork(_ name: Name) throws(LibvirtError)
    func stopNetwork(_ name: Name) throws(LibvirtError)
    func setAutostart(_ name: Name, _ on: Bool) throws(LibvirtError)
    /// Documents of a network's ports; nil where ports can't be had.
    func portXMLs(_ network: Name) throws(LibvirtError) -> [String]?
    /// Whether a network has this port; nil where ports can't be had.
    func hasPort(_ network: Name, uuid: String) throws(LibvirtError) -> Bool?
    /// UUIDs of a network's ports; nil where ports can't be had.
    func portUUIDs(_ network: Name) throws(LibvirtError) -> Set<Name>?
    func createReservation(_ network: Name, _ xml: String) throws(LibvirtError)
    func deletePort(_ network: Name, uuid: String) throws(LibvirtError)
    /// A guest's inactive document with its secrets; nil where there is no such guest.
    func guestXML(_ uuid: String) throws(LibvirtError) -> String?
    /// The live document of a running guest; nil when it is not running.
    func liveGuestXML(_ uuid: String) throws(LibvirtError) -> String?
    func defineGuest(_ xml: String) throws(LibvirtError)
    func plug(_ uuid: String, _ xml: String) throws(LibvirtError)
    func unplug(_ uuid: String, _ xml: String, alias: Name, patience: Double) throws(LibvirtError) -> UnplugOutcome
    /// Connect again after the daemon went away; throws when it does not come back.
    func reconnect() throws(LibvirtError)
}

/// How a hot-unplug ended; it is the guest that releases a device.
package enum UnplugOutcome: Sendable {
    case gone, refused, timedOut
}
