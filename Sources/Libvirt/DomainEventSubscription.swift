import CLibvirt

/// A subscription to one kind of event, among those that name a device, of one domain; cancelled when it goes.
struct DomainEventSubscription: ~Copyable, Sendable {
    private final class Listener: Sendable {
        let hear: @Sendable (String) -> Void
        init(_ hear: @escaping @Sendable (String) -> Void) { self.hear = hear }
    }

    private let connection: Connection
    private let number: Int

    /// `hear` is given the device's alias, on the event loop's thread.
    init(
        _ event: virDomainEventID, of domain: Domain, on connection: Connection,
        _ hear: @escaping @Sendable (String) -> Void
    ) throws(LibvirtError) {
        let callback: virConnectDomainEventDeviceRemovedCallback = { _, _, alias, listener in
            guard let alias, let listener else { return }
            Unmanaged<Listener>.fromOpaque(listener).takeUnretainedValue().hear(String(cString: alias))
        }
        let listener = Unmanaged.passRetained(Listener(hear))
        self.number = try connection.number { connection in
            let number = virConnectDomainEventRegisterAny(
                connection, domain.pointer, Int32(event.rawValue),
                // What the C macro VIR_DOMAIN_EVENT_CALLBACK does.
                unsafeBitCast(callback, to: virConnectDomainEventGenericCallback.self), listener.toOpaque(),
                { listener in if let listener { Unmanaged<Listener>.fromOpaque(listener).release() } })
            // Here, where it is known: of a call that nobody waits for any more, libvirt may make use yet.
            if number < 0 { listener.release() }
            return number
        }
        self.connection = connection
    }

    deinit {
        let number = Int32(number)
        try? connection.perform { virConnectDomainEventDeregisterAny($0, number) }
    }
}
