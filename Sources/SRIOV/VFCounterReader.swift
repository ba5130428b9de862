import Text

/// Reads what has gone through PFs' VFs, as often as one likes: over one socket.
package final class VFCounterReader {
    /// With more, their table with counters is longer than an attribute of netlink's can be (64 KiB).
    package static let mostCounted = 220

    private let sysfs: Sysfs
    private var netlink: Netlink?

    package init(_ sysfs: Sysfs) { self.sysfs = sysfs }

    /// What has gone through a PF's VFs, by their index, with one question to the kernel; nil where that can't be told: the driver
    /// does not count, there are too many VFs, the netdev is not here.
    ///
    /// A driver that does not count shows zeros, so zeros of all VFs are no answer.
    package func counters(of pf: PhysicalFunction) -> [Int: VFCounters]? {
        guard sysfs.readsNetlink, let netdev = pf.netdev, !pf.functions.isEmpty,
            pf.functions.count <= Self.mostCounted, let found = answer(netdev), found.name == netdev,
            let counters = found.counters, !counters.values.allSatisfy(\.isZero)
        else { return nil }
        return counters
    }

    private func answer(_ netdev: Name) -> VFCountersMessage? {
        guard let index = try? Netlink.index(ofName: netdev) else { return nil }
        do throws(HostError) {
            let netlink: Netlink
            if let kept = self.netlink { netlink = kept } else { netlink = try Netlink(isForCounters: true) }
            self.netlink = netlink
            return try netlink.counters(index: index)
        } catch {
            // A socket that failed may have more of the same to tell.
            netlink = nil
            return nil
        }
    }
}
