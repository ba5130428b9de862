import Text

extension Sysfs {
    /// With more VFs, their table with counters is longer than an attribute of netlink's can be (64 KiB).
    package static let mostCounted = 220

    /// What has gone through a PF's VFs, by their index, with one question to the kernel; nil where that can't be told: the driver
    /// does not count, there are too many VFs, the netdev is not here.
    ///
    /// A driver that does not count shows zeros, so zeros of all VFs are no answer.
    package func counters(of pf: PhysicalFunction) -> [Int: VFCounters]? {
        guard readsNetlink, let netdev = pf.netdev, !pf.functions.isEmpty, pf.functions.count <= Self.mostCounted,
            let index = try? Netlink.index(ofName: netdev), let found = try? Netlink().counters(index: index),
            found.name == netdev, let counters = found.counters, !counters.values.allSatisfy(\.isZero)
        else { return nil }
        return counters
    }
}
