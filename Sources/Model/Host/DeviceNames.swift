package import SRIOV
package import Text

/// What people call the PFs and VFs of a host: the one place that knows, whatever command or option takes the word.
///
/// A PF: its netdev, with all that its function has, an altname of it, its PCI address (`0000:03:00.0`, `03:00.0`), libvirt's
/// node device (`pci_0000_03_00_0`, `net_eth3_…`), or its MAC with colons, dashes or dots. A VF: its netdev, an altname of it, address or node
/// device, or `PF:INDEX` with any word for the PF.
package struct DeviceNames: Sendable, Equatable {
    private var pfs: [Name: [PCIAddress]] = [:]
    private var functions: [Name: [PCIAddress]] = [:]
    private var places: [PCIAddress: PCIAddress] = [:]
    private var indices: [PCIAddress: [Int: PCIAddress]] = [:]
    private var permanent: [MACAddress: [PCIAddress]] = [:]
    private var present: [MACAddress: [PCIAddress]] = [:]

    package init(_ all: [PhysicalFunction]) {
        for pf in all {
            indices[pf.address] = [:]
            for name in [pf.netdev].compactMap(\.self) + pf.otherNetdevs + pf.alternativeNames {
                pfs[name, default: []].append(pf.address)
            }
            if let mac = pf.permanentMAC { permanent[mac, default: []].append(pf.address) }
            if let mac = pf.mac { present[mac, default: []].append(pf.address) }
            for function in pf.functions {
                places[function.address] = pf.address
                indices[pf.address]?[function.index] = function.address
                for name in [function.netdev].compactMap(\.self) + function.alternativeNames {
                    functions[name, default: []].append(function.address)
                }
            }
        }
    }

    /// The PFs that a word means; several for a MAC that several have.
    package func pfs(_ word: Name) -> [PCIAddress] {
        if let found = pfs[word] { return found }
        let parsed = DeviceWord(word.string)
        if let address = parsed.address { return indices[address] == nil ? [] : [address] }
        // The permanent one decides, for a bond gives one MAC to several.
        if let mac = parsed.mac { return permanent[mac] ?? present[mac] ?? [] }
        return Self.nodes(parsed, in: pfs)
    }

    /// The VFs that a word means.
    package func functions(_ word: Name) -> [PCIAddress] {
        if let found = functions[word] { return found }
        let parsed = DeviceWord(word.string)
        if let address = parsed.address { return places[address] == nil ? [] : [address] }
        if let (pf, index) = word.string.cut(atLast: ":"), let index = Int(digits: index) {
            return pfs(Name(pf)).compactMap { indices[$0]?[index] }
        }
        return Self.nodes(parsed, in: functions)
    }

    private static func nodes(_ word: DeviceWord, in names: [Name: [PCIAddress]]) -> [PCIAddress] {
        guard !word.isName else { return [] }
        return Set(names.filter { word.isNodeDevice(of: $0.key) }.flatMap(\.value)).sorted()
    }
}
