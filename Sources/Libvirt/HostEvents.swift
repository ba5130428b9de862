import CLibvirt

/// Hears that something of a host's guests and networks may have changed; what it was is for who looks.
///
/// See also `virConnectDomainEventRegisterAny` and, since 1.2.1, `virConnectNetworkEventRegisterAny`.
package final class HostEvents: Sendable {
    private let connection: Connection
    private let bell: Bell
    private let ofDomains: [Int]
    private let ofNetworks: [Int]

    /// The connection was opened with `events`; else throws `.operationInvalid`. What a driver does not tell is not heard.
    package init(_ connection: Connection) throws(LibvirtError) {
        guard connection.hasEvents else {
            throw LibvirtError(code: .operationInvalid, message: "the connection was opened without events")
        }
        guard let bell = Bell() else {
            throw LibvirtError(code: .systemError, message: "cannot make a descriptor for libvirt's events")
        }
        self.connection = connection
        self.bell = bell
        let lifecycle: virConnectDomainEventCallback = { _, _, _, _, bell in
            Bell.ring(bell)
            return 0
        }
        let device: virConnectDomainEventDeviceRemovedCallback = { _, _, _, bell in Bell.ring(bell) }
        let generic = unsafeBitCast(device, to: virConnectDomainEventGenericCallback.self)
        // What the C macro VIR_DOMAIN_EVENT_CALLBACK does.
        let callbacks: [(virDomainEventID, virConnectDomainEventGenericCallback)] = [
            (
                VIR_DOMAIN_EVENT_ID_LIFECYCLE, unsafeBitCast(lifecycle, to: virConnectDomainEventGenericCallback.self)
            ),
            (VIR_DOMAIN_EVENT_ID_DEVICE_ADDED, generic), (VIR_DOMAIN_EVENT_ID_DEVICE_REMOVED, generic),
        ]
        var numbers: [Int?] = []
        for (event, callback) in callbacks {
            numbers.append(
                try Self.number(connection) { connection in
                    let held = Unmanaged.passRetained(bell).toOpaque()
                    let number = virConnectDomainEventRegisterAny(
                        connection, nil, Int32(event.rawValue), callback, held, Bell.release)
                    // Of a call that nobody waits for any more, libvirt may make use yet.
                    if number < 0 { Bell.release(held) }
                    return number
                })
        }
        ofDomains = numbers.compactMap(\.self)
        let ofNetwork: virConnectNetworkEventLifecycleCallback = { _, _, _, _, bell in Bell.ring(bell) }
        let network = try Self.number(connection) { connection in
            let held = Unmanaged.passRetained(bell).toOpaque()
            let number = virConnectNetworkEventRegisterAny(
                connection, nil, Int32(VIR_NETWORK_EVENT_ID_LIFECYCLE.rawValue),
                unsafeBitCast(ofNetwork, to: virConnectNetworkEventGenericCallback.self), held, Bell.release)
            if number < 0 { Bell.release(held) }
            return number
        }
        ofNetworks = [network].compactMap(\.self)
    }

    deinit {
        for number in ofDomains.map({ Int32($0) }) {
            try? connection.perform { virConnectDomainEventDeregisterAny($0, number) }
        }
        for number in ofNetworks.map({ Int32($0) }) {
            try? connection.perform { virConnectNetworkEventDeregisterAny($0, number) }
        }
    }

    /// Can be read from when something was heard since `clear`, for `poll`.
    package var descriptor: Int32 { bell.descriptor }

    package func clear() { bell.clear() }

    /// Nil where the driver has no such events.
    private static func number(
        _ connection: Connection, _ register: @escaping @Sendable (OpaquePointer) -> Int32
    ) throws(LibvirtError) -> Int? {
        do throws(LibvirtError) {
            return try connection.number(register)
        } catch  where error.code == .noSupport {
            return nil
        }
    }
}
