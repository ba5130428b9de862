package import SRIOV
package import Text

/// What `vfpool create` was asked for.
package struct CreateRequest: Sendable {
    package var port: PhysicalFunction
    /// nil: `vfpool-` and the port's netdev.
    package var name: Name?
    package var vlan: Int?
    package var portgroups: [Portgroup]
    package var selection: VFSelection
    package var autostart: Bool
    package var start: Bool
    /// Another number of VFs first, of the same port.
    package var resize: ResizeRequest?
    /// Put the mark on a pool made by hand.
    package var adopt: Bool
    /// The text and name of a template of the user's own.
    package var template: String?
    package var templateName: String?
    /// The VFIO driver that the pool's functions get (libvirt 10.0.0); nil leaves it to libvirt.
    package var driverModel: String?
    /// What is wanted of all the pool's VFs.
    package var wish: SettingsWish
    /// The UUID of a network that is made new.
    package var uuid: String

    package init(
        port: PhysicalFunction, name: Name? = nil, vlan: Int? = nil, portgroups: [Portgroup] = [],
        selection: VFSelection = .all, autostart: Bool = true, start: Bool = true, adopt: Bool = false,
        template: String? = nil, templateName: String? = nil, resize: ResizeRequest? = nil,
        wish: SettingsWish = .none, uuid: String
    ) {
        self.port = port
        self.resize = resize
        self.name = name
        self.vlan = vlan
        self.portgroups = portgroups
        self.selection = selection
        self.autostart = autostart
        self.start = start
        self.adopt = adopt
        self.template = template
        self.templateName = templateName
        self.wish = wish
        self.uuid = uuid
    }

    /// The same request, made of the port as it will be when it has the VFs that it asks for.
    var afterResize: CreateRequest {
        guard let resize, let addresses = port.functionAddresses(resize.count) else { return self }
        var copy = self
        copy.resize = nil
        guard port.enabledVFs != resize.count else { return copy }
        copy.port.enabledVFs = resize.count
        copy.port.functions = addresses.enumerated().map { VirtualFunction(index: $0, address: $1) }
        return copy
    }

    /// Whether anything was asked for that adoption does not change.
    var hasSettings: Bool {
        vlan != nil || driverModel != nil || !portgroups.isEmpty || !selection.isAll || template != nil
    }
}
