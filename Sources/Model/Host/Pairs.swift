/// Teaming pairs: an emulated interface that lasts, and a function that may be unplugged; both have one MAC.
extension Guest {
    /// The lasting half of the pair that this interface is the other half of; nil where there is none.
    package func lastingHalf(of interface: GuestInterface) -> GuestInterface? {
        guard let alias = interface.partner else { return nil }
        return interfaces.first { other in
            other.alias == alias && other.index != interface.index
                && (interface.mac == nil || other.mac == interface.mac)
        }
    }

    /// The function's half of the pair that this interface is the lasting half of; nil where there is none.
    package func transientHalf(of interface: GuestInterface) -> GuestInterface? {
        guard interface.isLasting else { return nil }
        return interfaces.first { lastingHalf(of: $0)?.index == interface.index }
    }

    /// Whether one of the two is the lasting half of the other.
    package func arePair(_ one: GuestInterface, _ other: GuestInterface) -> Bool {
        lastingHalf(of: one)?.index == other.index || lastingHalf(of: other)?.index == one.index
    }

    /// The lasting half of what runs.
    package func liveLastingHalf(of live: GuestInterface) -> GuestInterface? {
        guard let alias = live.partner else { return nil }
        return liveInterfaces.first { $0.isLasting && $0.alias == alias }
    }
}
