import SRIOV
import Text

/// Finds the host's devices that arguments of QEMU's command line name, in whatever way they are written.
///
/// It would rather see one too many: what QEMU does not understand starts no guest, and then nobody has the VF.
enum QEMUCommandLine {
    static func devices(_ arguments: [String]) -> [HeldDevice] {
        options(arguments).flatMap { devices($0.name, $0.value) }
    }

    /// Arguments that may name devices of the host in a way that can't be judged: by a file with more options, or by an
    /// open file that the guest's starter hands on.
    static func unjudged(_ arguments: [String]) -> [String] {
        options(arguments).compactMap { option, value in
            let argument = "-\(option) \(value)"
            if option.isSame(as: "readconfig") { return argument }
            guard option.isSame(as: "device") || option.isSame(as: "netdev") else { return nil }
            let options = QEMUOptions(value)
            guard let kind = options.kind else { return nil }
            let takesDevice = kind.hasPrefix(bytes: "vfio-pci") || kind.hasPrefix(bytes: "vhost-vdpa")
            let isKnown = options.all.contains { name, value in
                device(name, value) != nil || (name.isSame(as: "sysfsdev") && isMediated(value))
            }
            return takesDevice && !isKnown ? argument : nil
        }
    }

    /// A part of a device that its driver made, of which libvirt and the kernel know no address.
    private static func isMediated(_ path: String) -> Bool { path.split(byte: "/").contains { $0.isSame(as: "mdev") } }

    /// Each option with its value, however the two are spread over arguments.
    private static func options(_ arguments: [String]) -> [(name: Substring, value: Substring)] {
        var found: [(name: Substring, value: Substring)] = []
        var waiting: Substring?
        for argument in arguments {
            let text = unquoted(argument.trimmed)
            if let (option, value) = option(text) {
                waiting = nil
                if let value {
                    found.append((option, value))
                } else {
                    waiting = option
                }
            } else if let option = waiting {
                waiting = nil
                found.append((option, text))
            }
        }
        return found
    }

    /// `-device`, `--device`, and what stands behind it in the same argument.
    private static func option(_ text: Substring) -> (name: Substring, value: Substring?)? {
        guard let short = text.without(prefix: "-") else { return nil }
        let rest = short.without(prefix: "-") ?? short
        let name = rest.prefix { !$0.isBlank && $0 != UInt8(ascii: "=") }
        let value = unquoted(rest.utf8.dropFirst(name.utf8.count).dropFirst().asText.trimmed)
        return (name, value.isEmpty ? nil : value)
    }

    private static func devices(_ option: Substring, _ value: Substring) -> [HeldDevice] {
        let properties: [(name: String, value: String)]
        if option.isSame(as: "set") || option.isSame(as: "global") {
            // `device.ID.NAME=VALUE`; `DRIVER.NAME=VALUE`, or `driver=DRIVER,property=NAME,value=VALUE`.
            let options = QEMUOptions(value).all
            if let name = options.last(where: { $0.name.isSame(as: "property") })?.value,
                let value = options.last(where: { $0.name.isSame(as: "value") })?.value
            {
                properties = [(name, value)]
            } else {
                properties =
                    value.cut(at: "=").map { path, value in
                        [(path.split(byte: ".").last.map(String.init) ?? "", String(value))]
                    } ?? []
            }
        } else if option.isSame(as: "device") || option.isSame(as: "netdev") {
            properties = QEMUOptions(value).all
        } else {
            return []
        }
        return properties.compactMap { device($0.name, $0.value) }
    }

    /// What a property of a device or a network backend names; nil for one that names nothing of the host.
    static func device(_ property: String, _ value: String, _ way: HeldDevice.Way = .commandLine) -> HeldDevice? {
        if property.isSame(as: "host") { return address(value).map { HeldDevice(way, .device($0)) } }
        if property.isSame(as: "sysfsdev") { return target(ofPath: value).map { HeldDevice(way, $0) } }
        guard property.isSame(as: "vhostdev"), let file = value.split(byte: "/").last else { return nil }
        return HeldDevice(.vdpa(nil), .vdpa(Name(String(file))))
    }

    /// `0000:03:10.0`, `03:10.0`, and with fewer digits: QEMU takes any number of them.
    private static func address(_ text: String) -> PCIAddress? {
        guard let (place, function) = text.cut(atLast: ".") else { return nil }
        let parts = place.split(byte: ":", keepsEmpty: true)
        guard parts.count == 2 || parts.count == 3, !parts.contains(where: \.isEmpty) else { return nil }
        return PCIAddress(
            domain: parts.count == 3 ? "0x\(parts[0])" : "0", bus: "0x\(parts[parts.count - 2])",
            slot: "0x\(parts[parts.count - 1])", function: "0x\(function)")
    }

    /// A folder of sysfs: the function's own, or one that leads to it.
    private static func target(ofPath path: String) -> HeldDevice.Target? {
        let parts = path.split(byte: "/").filter { !$0.isSame(as: ".") }.map(String.init)
        guard let last = parts.last else { return nil }
        if let address = PCIAddress(last) { return .device(address) }
        guard parts.count > 1 else { return nil }
        let above = parts[parts.count - 2]
        if let pf = PCIAddress(above), let index = last.without(prefix: "virtfn").flatMap({ Int(digits: $0) }) {
            return .function(of: pf, index: index)
        }
        return last.isSame(as: "device") ? .netdev(Name(above)) : nil
    }

    /// Without quotes around it: nothing takes them off before QEMU sees them, but they say what was meant.
    private static func unquoted(_ text: Substring) -> Substring {
        for quote in ["\"", "'"] where text.utf8.count > 1 {
            if let inner = text.without(prefix: quote)?.without(suffix: quote) { return inner }
        }
        return text
    }
}

extension Substring {
    fileprivate func prefix(_ isTaken: (UInt8) -> Bool) -> Substring { prefix(bytes: isTaken) }
}

extension Substring.UTF8View {
    fileprivate var asText: Substring { Substring(self) }
}
