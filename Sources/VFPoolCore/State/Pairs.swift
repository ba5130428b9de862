/// Teaming pairs: an emulated interface that lasts, and a function that may be unplugged; both have one MAC.
extension Guest {
    /// The lasting half of the pair that this interface is the other half of; nil where there is none.
    func lastingHalf(of interface: GuestInterface) -> GuestInterface? {
        guard let alias = interface.partner else { return nil }
        return interfaces.first { $0.alias == alias && $0.index != interface.index }
    }

    /// The function's half of the pair that this interface is the lasting half of; nil where there is none.
    func transientHalf(of interface: GuestInterface) -> GuestInterface? {
        guard interface.isLasting, let alias = interface.alias else { return nil }
        return interfaces.first { $0.partner == alias }
    }

    /// The same of what runs.
    func liveLastingHalf(of live: GuestInterface) -> GuestInterface? {
        guard let alias = live.partner else { return nil }
        return liveInterfaces.first { $0.isLasting && $0.alias == alias }
    }
}
