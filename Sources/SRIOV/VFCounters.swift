/// What has gone through one VF since its PF's driver began to count, as the driver says; nil is what it does not say.
///
/// What the card receives for the VF, the guest receives.
package struct VFCounters: Sendable, Equatable {
    package var receivedBytes: UInt64?
    package var receivedPackets: UInt64?
    package var receivedDropped: UInt64?
    package var transmittedBytes: UInt64?
    package var transmittedPackets: UInt64?
    package var transmittedDropped: UInt64?

    package init(
        receivedBytes: UInt64? = nil, receivedPackets: UInt64? = nil, receivedDropped: UInt64? = nil,
        transmittedBytes: UInt64? = nil, transmittedPackets: UInt64? = nil, transmittedDropped: UInt64? = nil
    ) {
        self.receivedBytes = receivedBytes
        self.receivedPackets = receivedPackets
        self.receivedDropped = receivedDropped
        self.transmittedBytes = transmittedBytes
        self.transmittedPackets = transmittedPackets
        self.transmittedDropped = transmittedDropped
    }

    private var all: [UInt64?] {
        [
            receivedBytes, receivedPackets, receivedDropped, transmittedBytes, transmittedPackets, transmittedDropped,
        ]
    }

    /// Whether nothing was counted, or nothing is told: where a driver does not count, the kernel says zeros.
    package var isZero: Bool { all.allSatisfy { $0 ?? 0 == 0 } }
}
