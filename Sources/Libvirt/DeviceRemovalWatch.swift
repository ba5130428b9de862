import CLibvirt
import Text

/// Hears whether a guest releases a device that it was asked for.
///
/// Make it before `detachDevice`: what is told before is not heard. See also `VIR_DOMAIN_EVENT_ID_DEVICE_REMOVED`,
/// since 1.1.1, and `VIR_DOMAIN_EVENT_ID_DEVICE_REMOVAL_FAILED`, since 1.3.4.
package final class DeviceRemovalWatch: Sendable {
    package enum Outcome: Sendable {
        case removed
        /// The guest said no.
        case refused
        /// The guest said nothing yet, or stopped: read its document.
        case timedOut
    }

    private let outcomes = Mailbox<Outcome>()
    private let removed: DomainEventSubscription
    private let refused: DomainEventSubscription

    /// The domain is one of this connection, which was opened with `events`; else throws `.operationInvalid`.
    package init(_ domain: Domain, on connection: Connection) throws(LibvirtError) {
        guard connection.hasEvents else {
            throw LibvirtError(code: .operationInvalid, message: "the connection was opened without events")
        }
        let outcomes = self.outcomes
        removed = try DomainEventSubscription(VIR_DOMAIN_EVENT_ID_DEVICE_REMOVED, of: domain, on: connection) { alias in
            outcomes.leave(.removed, under: Name(alias))
        }
        refused = try DomainEventSubscription(
            VIR_DOMAIN_EVENT_ID_DEVICE_REMOVAL_FAILED, of: domain, on: connection
        ) { alias in
            outcomes.leave(.refused, under: Name(alias))
        }
    }

    /// Waits for the answer about the device with this alias (`hostdev0`), which is given once.
    ///
    /// - Parameter isEnough: true ends the wait before.
    package func wait(alias: String, seconds: Double, isEnough: () -> Bool = { false }) -> Outcome {
        outcomes.take(Name(alias), within: seconds, isEnough: isEnough) ?? .timedOut
    }
}
