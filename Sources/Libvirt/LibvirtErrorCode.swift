import CLibvirt

extension LibvirtError {
    /// What went wrong: a `virErrorNumber`. Any number can occur; those that vfpool decides by have names.
    package struct Code: RawRepresentable, Hashable, Sendable {
        package let rawValue: Int32

        package init(rawValue: Int32) {
            self.rawValue = rawValue
        }

        private init(_ number: virErrorNumber) {
            rawValue = Int32(number.rawValue)
        }

        /// There is no libvirt on this machine. vfpool's own, not libvirt's.
        package static let libraryMissing = Code(rawValue: Int32(VFPOOL_ERR_NO_LIBRARY))

        /// libvirt was waited for long enough; what it was asked to do may be done all the same, or later. vfpool's own, not
        /// libvirt's.
        package static let noAnswer = Code(rawValue: Int32(VFPOOL_ERR_NO_ANSWER))

        /// The corresponding C constant is `VIR_ERR_INTERNAL_ERROR`.
        package static let internalError = Code(VIR_ERR_INTERNAL_ERROR)

        /// The driver, the daemon or the loaded libvirt lacks the function. The corresponding C constant is
        /// `VIR_ERR_NO_SUPPORT`.
        package static let noSupport = Code(VIR_ERR_NO_SUPPORT)

        /// No driver takes the URI. The corresponding C constant is `VIR_ERR_NO_CONNECT`.
        package static let noConnect = Code(VIR_ERR_NO_CONNECT)

        /// The corresponding C constant is `VIR_ERR_INVALID_CONN`.
        package static let invalidConnection = Code(VIR_ERR_INVALID_CONN)

        /// The corresponding C constant is `VIR_ERR_INVALID_ARG`.
        package static let invalidArgument = Code(VIR_ERR_INVALID_ARG)

        /// The corresponding C constant is `VIR_ERR_OPERATION_FAILED`.
        package static let operationFailed = Code(VIR_ERR_OPERATION_FAILED)

        /// The document isn't what it should be. The corresponding C constant is `VIR_ERR_XML_ERROR`.
        package static let xmlError = Code(VIR_ERR_XML_ERROR)

        /// The connection is read-only. The corresponding C constant is `VIR_ERR_OPERATION_DENIED`.
        package static let operationDenied = Code(VIR_ERR_OPERATION_DENIED)

        /// The document has a wrong value. The corresponding C constant is `VIR_ERR_XML_DETAIL`.
        package static let xmlDetail = Code(VIR_ERR_XML_DETAIL)

        /// The corresponding C constant is `VIR_ERR_NETWORK_EXIST`.
        package static let networkExists = Code(VIR_ERR_NETWORK_EXIST)

        /// A system call failed. The corresponding C constant is `VIR_ERR_SYSTEM_ERROR`.
        package static let systemError = Code(VIR_ERR_SYSTEM_ERROR)

        /// The corresponding C constant is `VIR_ERR_RPC`.
        package static let rpc = Code(VIR_ERR_RPC)

        /// The corresponding C constant is `VIR_ERR_NO_DOMAIN`.
        package static let noDomain = Code(VIR_ERR_NO_DOMAIN)

        /// The corresponding C constant is `VIR_ERR_NO_NETWORK`.
        package static let noNetwork = Code(VIR_ERR_NO_NETWORK)

        /// The corresponding C constant is `VIR_ERR_AUTH_FAILED`.
        package static let authFailed = Code(VIR_ERR_AUTH_FAILED)

        /// The corresponding C constant is `VIR_ERR_NO_NODE_DEVICE`.
        package static let noNodeDevice = Code(VIR_ERR_NO_NODE_DEVICE)

        /// The corresponding C constant is `VIR_ERR_NO_INTERFACE`.
        package static let noInterface = Code(VIR_ERR_NO_INTERFACE)

        /// Not in this state: the domain or network isn't running, or is. The corresponding C constant is
        /// `VIR_ERR_OPERATION_INVALID`.
        package static let operationInvalid = Code(VIR_ERR_OPERATION_INVALID)

        /// The corresponding C constant is `VIR_ERR_CONFIG_UNSUPPORTED`.
        package static let configUnsupported = Code(VIR_ERR_CONFIG_UNSUPPORTED)

        /// Among others, another call holds the domain. The corresponding C constant is `VIR_ERR_OPERATION_TIMEOUT`.
        package static let operationTimeout = Code(VIR_ERR_OPERATION_TIMEOUT)

        /// The corresponding C constant is `VIR_ERR_ARGUMENT_UNSUPPORTED`.
        package static let argumentUnsupported = Code(VIR_ERR_ARGUMENT_UNSUPPORTED)

        /// The corresponding C constant is `VIR_ERR_AUTH_CANCELLED`.
        package static let authCancelled = Code(VIR_ERR_AUTH_CANCELLED)

        /// The corresponding C constant is `VIR_ERR_NO_DOMAIN_METADATA`.
        package static let noDomainMetadata = Code(VIR_ERR_NO_DOMAIN_METADATA)

        /// The corresponding C constant is `VIR_ERR_OPERATION_UNSUPPORTED`.
        package static let operationUnsupported = Code(VIR_ERR_OPERATION_UNSUPPORTED)

        /// The corresponding C constant is `VIR_ERR_AGENT_UNRESPONSIVE`.
        package static let agentUnresponsive = Code(VIR_ERR_AGENT_UNRESPONSIVE)

        /// The corresponding C constant is `VIR_ERR_RESOURCE_BUSY`.
        package static let resourceBusy = Code(VIR_ERR_RESOURCE_BUSY)

        /// An access rule of the daemon forbids it. The corresponding C constant is `VIR_ERR_ACCESS_DENIED`.
        package static let accessDenied = Code(VIR_ERR_ACCESS_DENIED)

        /// The document breaks libvirt's grammar. The corresponding C constant is `VIR_ERR_XML_INVALID_SCHEMA`.
        package static let xmlInvalidSchema = Code(VIR_ERR_XML_INVALID_SCHEMA)

        /// polkit has nobody to ask. The corresponding C constant is `VIR_ERR_AUTH_UNAVAILABLE`.
        package static let authUnavailable = Code(VIR_ERR_AUTH_UNAVAILABLE)

        /// The corresponding C constant is `VIR_ERR_DEVICE_MISSING`.
        package static let deviceMissing = Code(VIR_ERR_DEVICE_MISSING)

        /// The corresponding C constant is `VIR_ERR_NETWORK_PORT_EXIST`.
        package static let networkPortExists = Code(VIR_ERR_NETWORK_PORT_EXIST)

        /// The corresponding C constant is `VIR_ERR_NO_NETWORK_PORT`.
        package static let noNetworkPort = Code(VIR_ERR_NO_NETWORK_PORT)
    }
}
