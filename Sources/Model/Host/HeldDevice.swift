package import SRIOV
package import Text

/// A device of the host that a guest's document takes otherwise than by one of its interfaces.
package struct HeldDevice: Sendable, Equatable {
    package enum Way: Sendable, Equatable {
        /// A plain hostdev of what is no VF of this host now: a PF, a graphics card, or what is not there.
        case hostdev(GuestInterface)
        /// An argument in `<qemu:commandline>`: libvirt knows nothing of it.
        case commandLine
        /// A device's property in `<qemu:override>`, which QEMU uses in place of what libvirt gives it.
        case override
        /// `<interface type='vdpa'>`, or the same on QEMU's command line.
        case vdpa(MACAddress?)
    }

    /// What the document names it by.
    package enum Target: Sendable, Hashable {
        case device(PCIAddress)
        /// By its PF's link `virtfnN`.
        case function(of: PCIAddress, index: Int)
        case netdev(Name)
        /// A vdpa device, by the name of its file: `vhost-vdpa-0`.
        case vdpa(Name)
    }

    package var way: Way
    package var target: Target

    package init(_ way: Way, _ target: Target) {
        self.way = way
        self.target = target
    }

    /// The MAC that the document gives it.
    var mac: MACAddress? {
        switch way {
        case .hostdev(let interface): interface.mac
        case .vdpa(let mac): mac
        case .commandLine, .override: nil
        }
    }
}

extension HeldDevice.Way {
    /// Where the document has it, in a few words that follow its name.
    package var words: String {
        switch self {
        case .hostdev: "as a plain hostdev"
        case .commandLine: "on QEMU's command line"
        case .override: "in <qemu:override>"
        case .vdpa: "through a vdpa device"
        }
    }

    /// What to do in the document so that it no longer has it.
    package var remedy: String {
        switch self {
        case .hostdev: "remove the hostdev"
        case .commandLine: "remove the argument"
        case .override: "remove the property"
        case .vdpa: "remove the interface"
        }
    }
}
