package import Model
package import SRIOV
package import Text

/// What goes through each VF a second, between two looks at the counters.
package struct Traffic: Sendable, Equatable {
    /// Each what a second brings; nil is unknown, never 0.
    package struct Rate: Sendable, Equatable {
        package var receivedBytes: Double?
        package var receivedPackets: Double?
        package var transmittedBytes: Double?
        package var transmittedPackets: Double?
        /// Of both directions.
        package var dropped: Double?

        package init() {}
    }

    package struct Row: Sendable, Equatable {
        /// The PF's netdev, else its PCI address.
        package var pf: Name
        package var index: Int
        package var address: String
        package var pool: Name?
        package var use: VFUse
        package var guest: Name?
        package var guestUUID: String?
        package var rate: Rate
    }

    package struct Sum: Sendable, Equatable {
        package var guest: Name
        package var uuid: String?
        package var vfs: Int
        package var rate: Rate
    }

    package enum Order: String, CaseIterable, Sendable { case rx, tx, guest, vf }

    /// Counters of one moment.
    package struct Sample: Sendable {
        /// In seconds, by a clock that only goes forward.
        package var time: Double
        /// Of a PF's VFs by their index, by the PF's address.
        package var counters: [PCIAddress: [Int: VFCounters]]

        package init(time: Double, counters: [PCIAddress: [Int: VFCounters]]) {
            self.time = time
            self.counters = counters
        }
    }

    package var seconds: Double
    package var rows: [Row]

    /// - Parameter pfs: those of the report that are shown, with the VFs of each that are.
    package init(_ pfs: [PFReport], from old: Sample, to new: Sample) {
        let seconds = new.time - old.time
        self.seconds = seconds
        rows = pfs.flatMap { pf -> [Row] in
            let address = PCIAddress(pf.address)
            let before = address.flatMap { old.counters[$0] } ?? [:]
            let after = address.flatMap { new.counters[$0] } ?? [:]
            return pf.functions.compactMap { function in
                guard let index = function.index else { return nil }
                return Row(
                    pf: pf.title, index: index, address: function.address, pool: function.pools.first,
                    use: function.use, guest: function.guest, guestUUID: function.guestUUID,
                    rate: Rate(before[index], after[index], seconds))
            }
        }
    }

    package func sorted(_ order: Order) -> [Row] {
        func key(_ row: Row) -> Double { Self.key(row.rate, order) }
        return rows.enumerated().sorted { left, right in
            let (a, b) = (left.element, right.element)
            switch order {
            case .vf: break
            case .guest where a.guest != b.guest:
                guard let one = a.guest, let other = b.guest else { return a.guest != nil }
                return one < other
            case .guest: break
            case .rx, .tx: if key(a) != key(b) { return key(a) > key(b) }
            }
            return left.offset < right.offset
        }.map(\.element)
    }

    /// What is not known stands last.
    private static func key(_ rate: Rate, _ order: Order) -> Double {
        (order == .tx ? rate.transmittedBytes : rate.receivedBytes) ?? -1
    }

    /// Guests' sums in an order; that of VFs is theirs by name.
    package func guests(_ order: Order) -> [Sum] {
        guard order == .rx || order == .tx else { return guests }
        return guests.enumerated().sorted { left, right in
            let (a, b) = (Self.key(left.element.rate, order), Self.key(right.element.rate, order))
            return a == b ? left.offset < right.offset : a > b
        }.map(\.element)
    }

    /// Guests' sums, by name. What is not known of one VF is not known of the sum.
    package var guests: [Sum] {
        var sums: [Name: Sum] = [:]
        for row in rows where row.use == .taken || row.use == .outside {
            guard let guest = row.guest else { continue }
            let key = Name(row.guestUUID ?? guest.string)
            if var sum = sums[key] {
                sum.vfs += 1
                sum.rate = sum.rate + row.rate
                sums[key] = sum
            } else {
                sums[key] = Sum(guest: guest, uuid: row.guestUUID, vfs: 1, rate: row.rate)
            }
        }
        return sums.values.sorted { ($0.guest, $0.uuid ?? "") < ($1.guest, $1.uuid ?? "") }
    }
}

extension Traffic.Rate {
    init(_ old: VFCounters?, _ new: VFCounters?, _ seconds: Double) {
        guard let old, let new, seconds > 0 else { return }
        // One that went back began anew: a driver was loaded again, or VFs made.
        func rate(_ value: (VFCounters) -> UInt64?) -> Double? {
            guard let before = value(old), let after = value(new), after >= before else { return nil }
            return Double(after - before) / seconds
        }
        receivedBytes = rate(\.receivedBytes)
        receivedPackets = rate(\.receivedPackets)
        transmittedBytes = rate(\.transmittedBytes)
        transmittedPackets = rate(\.transmittedPackets)
        if let received = rate(\.receivedDropped), let transmitted = rate(\.transmittedDropped) {
            dropped = received + transmitted
        }
    }

    static func + (left: Self, right: Self) -> Self {
        func sum(_ value: (Self) -> Double?) -> Double? {
            guard let one = value(left), let other = value(right) else { return nil }
            return one + other
        }
        var rate = Self()
        rate.receivedBytes = sum(\.receivedBytes)
        rate.receivedPackets = sum(\.receivedPackets)
        rate.transmittedBytes = sum(\.transmittedBytes)
        rate.transmittedPackets = sum(\.transmittedPackets)
        rate.dropped = sum(\.dropped)
        return rate
    }
}
