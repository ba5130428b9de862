package import Text
package import XML

/// What a `<driver>` of a hostdev, of a hostdev interface or of a pool's `<forward>` asks for, beside its name, which is `vfio`.
///
/// In an interface on a network libvirt's grammar has it, too; libvirt takes it and forgets it: there it is the network's.
package struct FunctionDriver: Sendable, Equatable {
    /// The VFIO driver that a VF gets, a vendor's own such as `mlx5_vfio_pci` (libvirt 10.0.0); nil leaves it to libvirt.
    package var model: Name?
    /// Whether QEMU gets the VF through IOMMUFD (libvirt 12.1.0); nil leaves it to the guest as a whole, or to libvirt.
    package var iommufd: Bool?

    package init(model: Name? = nil, iommufd: Bool? = nil) {
        self.model = model
        self.iommufd = iommufd
    }

    package init(_ element: Element?) {
        self.init(model: element?[name: "model"], iommufd: Self.isOn(element?[attribute: "iommufd"]))
    }

    /// Whether it leaves all to libvirt.
    package var isEmpty: Bool { model == nil && iommufd == nil }

    /// What the elements of an interface or a pool say as it is for one guest, which may want IOMMUFD for all it has.
    package func effective(in guest: Guest) -> FunctionDriver {
        FunctionDriver(model: model, iommufd: iommufd ?? guest.usesIOMMUFD ?? false)
    }

    /// `mlx5_vfio_pci with IOMMUFD`.
    package var words: String { "\(model ?? "libvirt's choice")" + (iommufd == true ? " with IOMMUFD" : "") }

    /// `model='mlx5_vfio_pci' iommufd='yes'`, as it stands in a document.
    package var attributes: String {
        [model.map { "model='\($0)'" }, iommufd.map { "iommufd='\($0 ? "yes" : "no")'" }].compactMap(\.self)
            .joined(separator: " ")
    }

    /// Writes it into an interface that is to have it itself.
    package func write(in interface: Element, before next: Element?) {
        guard !isEmpty else { return }
        let element = interface.addChild("driver", before: next)
        element[attribute: "name"] = "vfio"
        element[name: "model"] = model
        element[attribute: "iommufd"] = iommufd.map { $0 ? "yes" : "no" }
    }

    /// What libvirt's `virYesNo` says; nil without a word, or with one that is neither.
    package static func isOn(_ word: String?) -> Bool? {
        guard let word else { return nil }
        return Name(word) == "yes" ? true : Name(word) == "no" ? false : nil
    }
}

extension State {
    /// The driver that an interface's function gets: its own where it is pinned, else its pool's; nil where it has no function.
    package func driver(of interface: GuestInterface, _ guest: Guest) -> FunctionDriver? {
        switch interface.attachment {
        case .hostdevInterface, .hostdev: interface.driver.effective(in: guest)
        case .network(let name, _): network(name)?.configuration?.driver.effective(in: guest)
        case .bridge, .direct, .other: nil
        }
    }
}
