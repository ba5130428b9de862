package import SRIOV
package import Text

/// What `vfpool create` was asked for.
package struct CreateRequest: Sendable {
    /// The PFs, in the order in which their functions take turns; most pools have one.
    package var pfs: [PhysicalFunction]
    /// nil: `vfpool-` and the PFs' netdevs.
    package var name: Name?
    package var vlan: Int?
    package var portgroups: [Portgroup]
    /// Of each PF.
    package var selection: VFSelection
    /// How functions of several PFs are listed.
    package var order: FunctionOrder
    package var autostart: Bool
    package var start: Bool
    /// Another number of VFs first, of these PFs.
    package var resizes: [ResizeRequest]
    /// Put the mark on a pool made by hand.
    package var adopt: Bool
    /// The text and name of a template of the user's own.
    package var template: String?
    package var templateName: String?
    /// The VFIO driver that the pool's functions get (libvirt 10.0.0); nil leaves it to libvirt.
    package var driverModel: String?
    /// Whether they get IOMMUFD (libvirt 12.1.0); nil leaves it to libvirt.
    package var iommufd: Bool?
    /// What is wanted of all the pool's VFs.
    package var settings: SettingsRequest
    /// What is wanted of the VFs of portgroups, by their names.
    package var groupSettings: [(portgroup: Name, settings: SettingsRequest)] = []
    /// The UUID of a network that is made new.
    package var uuid: String

    package init(
        pfs: [PhysicalFunction], name: Name? = nil, vlan: Int? = nil, portgroups: [Portgroup] = [],
        selection: VFSelection = .all, order: FunctionOrder = .interleaved, autostart: Bool = true, start: Bool = true,
        adopt: Bool = false, template: String? = nil, templateName: String? = nil, resizes: [ResizeRequest] = [],
        settings: SettingsRequest = .none, uuid: String
    ) {
        self.pfs = pfs
        self.resizes = resizes
        self.order = order
        self.name = name
        self.vlan = vlan
        self.portgroups = portgroups
        self.selection = selection
        self.autostart = autostart
        self.start = start
        self.adopt = adopt
        self.template = template
        self.templateName = templateName
        self.settings = settings
        self.uuid = uuid
    }

    /// The same request, made of the PFs as they will be when they have the VFs that it asks for.
    package var afterResize: CreateRequest {
        var copy = self
        copy.resizes = []
        for (place, pf) in pfs.enumerated() {
            guard let resize = resizes.first(where: { $0.pf.address == pf.address }),
                pf.enabledVFs != resize.count, let addresses = pf.functionAddresses(resize.count)
            else { continue }
            copy.pfs[place].enabledVFs = resize.count
            copy.pfs[place].functions = addresses.enumerated().map {
                VirtualFunction(index: $0, address: $1, numaNode: pf.numaNode)
            }
        }
        return copy
    }

    /// The functions that the pool is to cover, PF by PF.
    package var covered: [VirtualFunction] {
        pfs.flatMap { pf in pf.functions.filter { selection.contains($0.index) } }
    }

    package var titles: [Name] { pfs.map(\.title) }

    /// What it comes to on a command line.
    package var command: ShellCommand {
        var command: ShellCommand = "vfpool create"
        for title in titles { command = "\(shell: command) \(shell: title)" }
        return command
    }

    package var mark: PoolMark { PoolMark(pfs.map { PFMark($0, selection) }, order: order) }

    /// Whether anything was asked for that adoption does not change.
    package var hasSettings: Bool {
        vlan != nil || driverModel != nil || iommufd != nil || !portgroups.isEmpty || !selection.isAll
            || template != nil
    }
}
