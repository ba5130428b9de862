/// Pairs from before libvirt had `<teaming>`: an emulated card and a VF with one MAC, which the guest itself bonds.
extension State {
    /// The other half of such a pair; nil where the interface is half of none.
    package func olderHalf(of interface: GuestInterface, _ guest: Guest) -> GuestInterface? {
        guard let mac = interface.mac, !interface.isTeamed else { return nil }
        let halves = guest.interfaces.filter { $0.mac == mac }
        guard halves.count == 2, let other = halves.first(where: { $0.index != interface.index }), !other.isTeamed,
            isFunction(interface.attachment) != isFunction(other.attachment)
        else { return nil }
        return other
    }

    /// Whether what is attached is a function: pinned, or a pool's.
    package func isFunction(_ attachment: Attachment) -> Bool {
        attachment.pinnedAddress != nil || attachment.networkName.flatMap(network)?.isPool ?? false
    }
}
