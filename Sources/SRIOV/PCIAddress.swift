import Text

/// Where a PCI function is on its host, e.g. `0000:03:10.2`.
///
/// The kernel prints it so; libvirt spells it as four attributes of `<address>` and as a node device's name.
/// All spellings are read strictly: blanks, signs and digits too many are not an address.
package struct PCIAddress: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Sixteen bits on most hosts; more behind Intel VMD, whose domains start at 0x10000.
    package let domain: UInt32
    package let bus: UInt8
    /// 0…31.
    package let slot: UInt8
    /// 0…7.
    package let function: UInt8

    package init(domain: UInt32 = 0, bus: UInt8, slot: UInt8, function: UInt8) {
        self.domain = domain
        self.bus = bus
        self.slot = slot & 0x1F
        self.function = function & 0x7
    }

    /// The kernel's spelling, `0000:03:10.2`, or `03:10.2` in domain 0; all digits are hexadecimal.
    package init?(_ kernel: String) {
        let parts = kernel.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard parts.count == 2 || parts.count == 3, let last = parts.last else { return nil }
        let place = last.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard place.count == 2 else { return nil }
        self.init(parts.count == 3 ? parts[0] : nil, parts[parts.count - 2], place[0], place[1])
    }

    /// The name of libvirt's node device for it, `pci_0000_03_10_2`.
    package init?(nodeDevice: String) {
        let parts = nodeDevice.utf8.split(separator: UInt8(ascii: "_"), omittingEmptySubsequences: false)
        guard parts.count == 5, parts[0].elementsEqual("pci".utf8) else { return nil }
        self.init(parts[1], parts[2], parts[3], parts[4])
    }

    /// The attributes of libvirt's `<address>`, hexadecimal (`0x0a`) or decimal (`10`); a missing one is 0, as libvirt
    /// reads it (`virPCIDeviceAddressParseXML`), but an address with none at all is no address.
    package init?(domain: String?, bus: String?, slot: String?, function: String?) {
        guard domain != nil || bus != nil || slot != nil || function != nil,
            let domain = Self.number(domain, below: 1 << 32), let bus = Self.number(bus, below: 0x100),
            let slot = Self.number(slot, below: 0x20), let function = Self.number(function, below: 8)
        else { return nil }
        self.init(domain: UInt32(domain), bus: UInt8(bus), slot: UInt8(slot), function: UInt8(function))
    }

    private init?(
        _ domain: Substring.UTF8View.SubSequence?, _ bus: Substring.UTF8View.SubSequence,
        _ slot: Substring.UTF8View.SubSequence, _ function: Substring.UTF8View.SubSequence
    ) {
        guard let bus = hexadecimal(bus, digits: 2...2), let slot = hexadecimal(slot, digits: 2...2), slot < 0x20,
            let function = hexadecimal(function, digits: 1...1), function < 8
        else { return nil }
        var number: UInt64 = 0
        if let domain {
            guard let given = hexadecimal(domain, digits: 4...8) else { return nil }
            number = given
        }
        self.init(domain: UInt32(number), bus: UInt8(bus), slot: UInt8(slot), function: UInt8(function))
    }

    /// A number as libvirt's parser reads it: `strtoul` with base 0, so that `010` is eight.
    private static func number(_ text: String?, below limit: UInt64) -> UInt64? {
        guard let text else { return 0 }
        let value: UInt64?
        if text.hasPrefix(bytes: "0x") || text.hasPrefix(bytes: "0X") {
            value = hexadecimal(text.utf8.dropFirst(2), digits: 1...16)
        } else {
            guard text.utf8.allSatisfy(\.isDigit) else { return nil }
            value = UInt64(text, radix: text.utf8.count > 1 && text.hasPrefix(bytes: "0") ? 8 : 10)
        }
        guard let value, value < limit else { return nil }
        return value
    }

    package var description: String {
        padded(domain, digits: 4) + ":" + padded(bus, digits: 2) + ":" + padded(slot, digits: 2) + "."
            + padded(function, digits: 1)
    }

    /// What libvirt prints in `<address type='pci' …/>`, in its order.
    package var attributes: [(name: String, value: String)] {
        [
            ("domain", "0x" + padded(domain, digits: 4)), ("bus", "0x" + padded(bus, digits: 2)),
            ("slot", "0x" + padded(slot, digits: 2)), ("function", "0x" + padded(function, digits: 1)),
        ]
    }

    /// The name of libvirt's node device for it, `pci_0000_03_10_2`.
    package var nodeDeviceName: String {
        "pci_" + padded(domain, digits: 4) + "_" + padded(bus, digits: 2) + "_" + padded(slot, digits: 2) + "_"
            + padded(function, digits: 1)
    }

    package static func < (left: Self, right: Self) -> Bool {
        (left.domain, left.bus, left.slot, left.function) < (right.domain, right.bus, right.slot, right.function)
    }
}
