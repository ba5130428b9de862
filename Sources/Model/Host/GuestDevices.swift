package import SRIOV

/// What one document of a guest takes of its host's devices.
package struct GuestDevices: Sendable, Equatable {
    package var interfaces: [GuestInterface] = []
    package var held: [HeldDevice] = []
    /// What its metadata wants of VFs, by an interface's MAC.
    package var settings: [MACAddress: WantedSettings] = [:]

    /// What people call the guest.
    package var titles = Titles()
    /// Whether the guest wants IOMMUFD for all it has of the host's (libvirt 12.2.0); nil leaves it to libvirt.
    package var usesIOMMUFD: Bool?

    /// Arguments of QEMU's command line that may take devices in a way that can't be judged.
    package var unjudged: [String] = []

    package init(
        interfaces: [GuestInterface] = [], held: [HeldDevice] = [], settings: [MACAddress: WantedSettings] = [:]
    ) {
        self.interfaces = interfaces
        self.held = held
        self.settings = settings
    }

    /// A plain hostdev is an interface only where its device is one of these functions.
    package mutating func sort(by functions: Set<PCIAddress>) {
        interfaces.removeAll { interface in
            guard case .hostdev(let address) = interface.attachment, !functions.contains(address) else { return false }
            held.append(HeldDevice(.hostdev(interface), .device(address)))
            return true
        }
        for index in interfaces.indices { interfaces[index].index = index }
        var next = interfaces.count
        for index in held.indices {
            guard case .hostdev(var interface) = held[index].way else { continue }
            interface.index = next
            held[index].way = .hostdev(interface)
            next += 1
        }
    }
}

extension Guest {
    /// What its next start takes.
    package var devices: GuestDevices {
        get {
            var devices = GuestDevices(interfaces: interfaces, held: held, settings: settings)
            (devices.titles, devices.usesIOMMUFD) = (titles, usesIOMMUFD)
            return devices
        }
        set {
            (interfaces, held, settings) = (newValue.interfaces, newValue.held, newValue.settings)
            (titles, usesIOMMUFD) = (newValue.titles, newValue.usesIOMMUFD)
        }
    }

    /// What it has while it runs.
    package var liveDevices: GuestDevices {
        get { GuestDevices(interfaces: liveInterfaces, held: liveHeld) }
        set {
            (liveInterfaces, liveHeld) = (newValue.interfaces, newValue.held)
            if !isPersistent { (titles, usesIOMMUFD) = (newValue.titles, newValue.usesIOMMUFD) }
        }
    }
}
