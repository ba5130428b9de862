package import SRIOV
package import Text

/// One reason why a function is not free: who holds it, and how.
package struct Claim: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        /// A running guest, through this pool.
        case pool(Name)
        /// A running guest, by its live document, not through a PF.
        case live
        /// A guest whose next start needs it: a pin in its inactive document.
        case config
        /// The host.
        case host(HostUse)
        /// A macvtap network that hands out its netdev, and the guest that has it.
        case network(Name)
        /// Somebody who can't be seen from here; the pool keeps the function out, and so it stays. Or perhaps nobody, where
        /// it could not be read what the host does with it.
        case unseen
        /// Nobody: a running pool over several PFs lists it, and the host has it no more.
        case missing
    }

    package var kind: Kind
    package var guestName: Name?
    package var guestUUID: String?
    package var mac: MACAddress?
    /// The guest's interface index, in its live or inactive document by `kind`.
    package var interfaceIndex: Int?
    /// A guest has it by a macvtap on its netdev.
    package var isMacvtap = false
    /// It ends with what runs now: the next boot does not bring it back.
    package var endsWithRun = false
    /// How the guest's document has it, where that is no interface.
    package var way: HeldDevice.Way?

    /// A word or two for people: `guest vm1`, `the host (192.0.2.1)`.
    package var holder: String {
        if let guestName { return "guest \(guestName)" }
        if case .network(let name) = kind { return "network \(name)" }
        if case .host(let use) = kind { return "the host (\(use.summary))" }
        if kind == .missing { return "nobody: the host has no such VF now" }
        return "the host, in a way that can't be seen from here"
    }

    /// A guest's claim through the function's vdpa device.
    var isThroughVDPA: Bool { if case .vdpa = way { true } else { false } }

    /// Whether the claim keeps the function from a pool's next start: everything but what ends with the guest's run.
    package var lastsOverReboot: Bool {
        switch kind {
        case .network: !endsWithRun
        case .config, .host, .unseen: true
        // The next start does not list it.
        case .pool, .live, .missing: false
        }
    }
}

extension HostUse {
    /// What the host does with the function, in a few words.
    package var summary: String {
        switch self {
        case .address(let address): "address \(address)"
        case .upper(let kind, let name): "\(kind) \(name)"
        case .otherNamespace: "in another network namespace"
        case .xdp(let program): "XDP program \(program)"
        case .vdpa(let device):
            "vdpa device \(device.name)" + (device.netdev.map { ", netdev \($0)" } ?? "")
        case .program(let pid, let name): "\(name), process \(pid)"
        case .unreadable(let error): "unknown: \(error.words)"
        }
    }
}
