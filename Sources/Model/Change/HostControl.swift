package import SRIOV

/// What a change does to the host itself, besides libvirt: its kernel's attributes of PFs.
package protocol HostControl: Sendable {
    /// An attribute's number; nil where there is no such PF, or no such attribute.
    func value(_ attribute: PFChange.Attribute, of pf: PCIAddress) throws(HostError) -> Int?
    func set(_ attribute: PFChange.Attribute, of pf: PCIAddress, to value: Int) throws(HostError)
    /// The PF's VFs, in order of their index.
    func functions(of pf: PCIAddress) throws(HostError) -> [PCIAddress]
    /// Whether new VFs have what they get: a driver's netdev, and udev's attention.
    func isSettled(_ pf: PCIAddress) throws(HostError) -> Bool
    /// Who uses a VF of it at this moment, in a few words each.
    func users(of pf: PCIAddress) throws(HostError) -> [String]
    /// Whether a PF's driver takes settings.
    ///
    /// - Throws: `setting-refused` when the VF that it was tried on could not be put back.
    func answer(to trial: SettingsTrial) throws(Failure) -> DriverAnswer
}
