extension PhysicalFunction {
    /// Where its functions will be when it has that many; nil where that can't be told before.
    ///
    /// A function's place on the bus is its PF's plus First VF Offset plus its index times VF Stride (PCI Express,
    /// SR-IOV Extended Capability). A card may change both with the number of functions, so look afterwards.
    package func functionAddresses(_ count: Int) -> [PCIAddress]? {
        guard count > 0 else { return [] }
        let own = address.place
        var offset = firstOffset ?? 0
        var stride = stride ?? 0
        if let first = functions.first, first.index == 0 {
            offset = first.address.place - own
            if functions.count > 1, functions[1].index == 1 {
                stride = functions[1].address.place - first.address.place
            }
        }
        guard offset > 0, stride > 0 || count == 1, own + offset + stride * (count - 1) < 1 << 16 else { return nil }
        return (0..<count).map { PCIAddress(domain: address.domain, place: own + offset + stride * $0) }
    }
}

extension PCIAddress {
    /// Its number among the 65,536 of its domain (the Routing ID).
    fileprivate var place: Int { Int(bus) << 8 | Int(slot) << 3 | Int(function) }

    fileprivate init(domain: UInt32, place: Int) {
        self.init(
            domain: domain, bus: UInt8(place >> 8 & 0xFF), slot: UInt8(place >> 3 & 0x1F), function: UInt8(place & 7))
    }
}
