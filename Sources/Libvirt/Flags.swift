import CLibvirt

/// How to describe a domain. The corresponding C type is `virDomainXMLFlags`.
package struct DomainXMLFlags: OptionSet, Sendable {
    package let rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    /// With passwords; refused on a read-only connection. `VIR_DOMAIN_XML_SECURE`, since 0.3.3.
    package static let secure = Self(rawValue: VIR_DOMAIN_XML_SECURE.rawValue)

    /// The configuration of the next start. `VIR_DOMAIN_XML_INACTIVE`, since 0.3.3.
    package static let inactive = Self(rawValue: VIR_DOMAIN_XML_INACTIVE.rawValue)
}

/// How to take a domain's document. The corresponding C type is `virDomainDefineFlags`.
package struct DomainDefineFlags: OptionSet, Sendable {
    package let rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Check it against libvirt's grammar first. `VIR_DOMAIN_DEFINE_VALIDATE`, since 1.2.12.
    package static let validate = Self(rawValue: VIR_DOMAIN_DEFINE_VALIDATE.rawValue)
}

/// What may go with a domain. The corresponding C type is `virDomainUndefineFlagsValues`.
package struct DomainUndefineFlags: OptionSet, Sendable {
    package let rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    /// `VIR_DOMAIN_UNDEFINE_MANAGED_SAVE`, since 0.9.4.
    package static let managedSave = Self(rawValue: VIR_DOMAIN_UNDEFINE_MANAGED_SAVE.rawValue)

    /// `VIR_DOMAIN_UNDEFINE_SNAPSHOTS_METADATA`, since 0.9.5.
    package static let snapshotsMetadata = Self(rawValue: VIR_DOMAIN_UNDEFINE_SNAPSHOTS_METADATA.rawValue)

    /// `VIR_DOMAIN_UNDEFINE_NVRAM`, since 1.2.9.
    package static let nvram = Self(rawValue: VIR_DOMAIN_UNDEFINE_NVRAM.rawValue)
}

/// Where a change of a domain's devices takes effect; none: where the domain is now. The corresponding C type is
/// `virDomainDeviceModifyFlags`.
package struct DeviceModifyFlags: OptionSet, Sendable {
    package let rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    /// In the running domain. `VIR_DOMAIN_DEVICE_MODIFY_LIVE`, since 0.7.7.
    package static let live = Self(rawValue: VIR_DOMAIN_DEVICE_MODIFY_LIVE.rawValue)

    /// In the configuration of the next start. `VIR_DOMAIN_DEVICE_MODIFY_CONFIG`, since 0.7.7.
    package static let config = Self(rawValue: VIR_DOMAIN_DEVICE_MODIFY_CONFIG.rawValue)
}

/// How to describe a network. The corresponding C type is `virNetworkXMLFlags`.
package struct NetworkXMLFlags: OptionSet, Sendable {
    package let rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    /// The configuration of the next start; the test driver lacks it. `VIR_NETWORK_XML_INACTIVE`, since 0.9.10.
    package static let inactive = Self(rawValue: VIR_NETWORK_XML_INACTIVE.rawValue)
}

/// How to take a network's document. The corresponding C type is `virNetworkDefineFlags`.
package struct NetworkDefineFlags: OptionSet, Sendable {
    package let rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Check it against libvirt's grammar first. `VIR_NETWORK_DEFINE_VALIDATE`, since 7.7.0.
    package static let validate = Self(rawValue: VIR_NETWORK_DEFINE_VALIDATE.rawValue)
}

/// How to make a port. The corresponding C type is `virNetworkPortCreateFlags`.
package struct NetworkPortCreateFlags: OptionSet, Sendable {
    package let rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Take the function the document names, not the next free one. `VIR_NETWORK_PORT_CREATE_RECLAIM`, since 5.5.0.
    package static let reclaim = Self(rawValue: VIR_NETWORK_PORT_CREATE_RECLAIM.rawValue)

    /// Check it against libvirt's grammar first. `VIR_NETWORK_PORT_CREATE_VALIDATE`, since 7.8.0.
    package static let validate = Self(rawValue: VIR_NETWORK_PORT_CREATE_VALIDATE.rawValue)
}

/// Which node devices to list; none: all that are there. The corresponding C type is
/// `virConnectListAllNodeDeviceFlags`.
package struct NodeDeviceListFlags: OptionSet, Sendable {
    package let rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    /// PCI functions. `VIR_CONNECT_LIST_NODE_DEVICES_CAP_PCI_DEV`, since 0.10.2.
    package static let pciDevice = Self(rawValue: VIR_CONNECT_LIST_NODE_DEVICES_CAP_PCI_DEV.rawValue)

    /// Network interfaces. `VIR_CONNECT_LIST_NODE_DEVICES_CAP_NET`, since 0.10.2.
    package static let network = Self(rawValue: VIR_CONNECT_LIST_NODE_DEVICES_CAP_NET.rawValue)
}
