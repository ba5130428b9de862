/// Teaming pairs: an emulated interface that lasts, and a function that may be unplugged; both have one MAC.
extension Guest {
    /// The persistent half of the pair that this interface is the other half of; nil where there is none.
    package func persistentHalf(of interface: GuestInterface) -> GuestInterface? {
        guard let alias = interface.partner else { return nil }
        return interfaces.first { other in
            other.alias == alias && other.index != interface.index
                && (interface.mac == nil || other.mac == interface.mac)
        }
    }

    /// The function's half of the pair that this interface is the persistent half of; nil where there is none.
    package func transientHalf(of interface: GuestInterface) -> GuestInterface? {
        guard interface.isPersistentHalf else { return nil }
        return interfaces.first { persistentHalf(of: $0)?.index == interface.index }
    }

    /// Whether one of the two is the persistent half of the other.
    package func arePair(_ one: GuestInterface, _ other: GuestInterface) -> Bool {
        persistentHalf(of: one)?.index == other.index || persistentHalf(of: other)?.index == one.index
    }

    /// The persistent half of what runs.
    package func livePersistentHalf(of live: GuestInterface) -> GuestInterface? {
        guard let alias = live.partner else { return nil }
        return liveInterfaces.first { $0.isPersistentHalf && $0.alias == alias }
    }
}
