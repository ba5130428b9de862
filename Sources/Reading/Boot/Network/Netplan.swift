import Model
import Text

/// netplan's files: a PF gets as many VFs as it is told to, or else as there are interfaces that name it as their `link`.
struct Netplan {
    let files: BootFiles

    /// What all files together say of one interface.
    private struct Interface {
        var match: YAMLNode?
        var setName: String?
        var count: (number: Int?, place: Place)?
        /// The PF that it is a VF of.
        var link: (name: Name, place: Place)?
    }

    func setters(_ pfs: [PFTraits]) -> [CountSetter] {
        var interfaces: [Name: Interface] = [:]
        var unknown: [CountSetter] = []
        // The files are read in the order of their names; of one name, the one in /run counts, then /etc.
        for (_, path) in files.merged(
            ["/run/netplan", "/etc/netplan", "/usr/lib/netplan", "/lib/netplan"], ending: ".yaml")
        {
            guard let text = files.text(path) else { continue }
            guard let document = YAMLText.read(text) else {
                guard text.contains(bytes: "virtual-function-count") || text.contains(bytes: "link:") else { continue }
                unknown += pfs.map {
                    CountSetter(.netplan, $0.address, path, count: nil, doubt: "its YAML is not understood here")
                }
                continue
            }
            let network = document["network"] ?? document
            for (name, node) in network["ethernets"]?.entries ?? [] {
                read(node, path, into: &interfaces[name, default: Interface()])
            }
        }
        return interfaces.keys.sorted().flatMap { name -> [CountSetter] in
            guard let (count, place) = count(name, interfaces) else { return [] }
            return pfs.compactMap { setter($0, name, interfaces[name] ?? Interface(), count, place) }
        } + unknown
    }

    private func read(_ node: YAMLNode, _ path: String, into interface: inout Interface) {
        for (key, value) in node.entries {
            let place = Place(path: path, line: value.line)
            switch key {
            case "match": interface.match = value
            case "set-name": interface.setName = value.text
            case "virtual-function-count": interface.count = (value.text.flatMap { Int(digits: $0) }, place)
            case "link": interface.link = value.text.map { (Name($0), place) }
            default: continue
            }
        }
    }

    /// - Returns: nil where netplan sets none: for an interface without VFs, and for one with more of them than its count.
    private func count(_ name: Name, _ interfaces: [Name: Interface]) -> (Int?, Place)? {
        let links = interfaces.sorted { $0.key < $1.key }.compactMap { $0.value.link }.filter { $0.name == name }
        if let (count, place) = interfaces[name]?.count {
            if let count, count == 0 || count < links.count { return nil }
            return (count, place)
        }
        return links.last.map { (links.count, $0.place) }
    }

    private func setter(
        _ pf: PFTraits, _ name: Name, _ interface: Interface, _ count: Int?, _ place: Place
    ) -> CountSetter? {
        let truth = isFor(pf, name, interface)
        guard truth != .no else { return nil }
        let generated = ["/run/systemd/generator", "/run/systemd/generator.late", "/run/systemd/system"]
        return CountSetter(
            .netplan, pf.address, place.path, line: place.line, count: count,
            doubt: truth == .yes ? nil : CountSetter.whichPF,
            isBeforeLibvirt: generated.contains { files.exists("\($0)/netplan-sriov-apply.service") })
    }

    private func isFor(_ pf: PFTraits, _ name: Name, _ interface: Interface) -> Truth {
        guard let match = interface.match else { return pf.isNamed(name.string) }
        // Once it has the name that it is to get, nothing else counts.
        if let setName = interface.setName, pf.isNamed(setName) == .yes { return .yes }
        return match.entries.reduce(.yes) { truth, entry in
            switch entry.key {
            case "macaddress": truth && (entry.value.text.map { pf.hasMAC($0) } ?? .no)
            case "name": truth && (entry.value.text.map { pf.isNamed($0) } ?? .maybe)
            case "driver":
                truth
                    && (pf.driver.map { driver in
                        entry.value.items.compactMap(\.text).map { Glob.truth($0, driver) }.max() ?? .no
                    } ?? .maybe)
            default: .maybe && truth
            }
        }
    }
}
