import TestSupport

/// The one invariant of a host on which guests go from fixed VFs to pools. Each answers with what is wrong, in words.
struct SweepCheck {
    let host: SweepHost
    let state: RigState
    private let address: (String, Int) -> String?

    init(_ host: SweepHost, _ state: RigState) {
        self.host = host
        self.state = state
        let addresses = Dictionary(
            uniqueKeysWithValues: state.pfs.flatMap { pf in pf.vfs.map { ("\(pf.name) \($0.index)", $0.address) } })
        address = { pf, vf in addresses["\(pf) \(vf)"] }
    }

    var problems: [String] { state.problems() + macs + owners + free + nextStart + starts }

    /// Every guest keeps its MACs, in its document and while it runs. A plain hostdev has its VF's, set through the PF.
    private var macs: [String] {
        let rows = Dictionary(uniqueKeysWithValues: state.pfs.flatMap { $0.vfs.map { ($0.address, $0.mac) } })
        return host.guests.flatMap { guest -> [String] in
            guard let found = state.guest(guest.name) else { return ["\(guest.name) is gone"] }
            let expected = guest.nics.map(\.mac).sorted()
            return [("config", found.config)].appending(found.running ? ("live", found.live) : nil).compactMap {
                kind, nics in
                let macs = nics.map { nic in
                    nic.mac ?? (kind == "config" ? plainMAC(guest, nic) : nic.vf.flatMap { rows[$0] }) ?? "none"
                }
                return macs.sorted() == expected
                    ? nil : "\(guest.name) has the MACs \(macs) (\(kind)), not \(expected)"
            }
        }
    }

    /// What a plain hostdev of a document stands for: the VF that the guest had fixed from the beginning.
    private func plainMAC(_ guest: SweepHost.Guest, _ nic: RigState.NIC) -> String? {
        guest.nics.first { own in
            own.isPlain && nic.attached == "hostdev"
                && own.pf.flatMap { pf in own.vf.flatMap { address(pf, $0) } } == nic.vf
        }?.mac
    }

    /// Which guests have a VF fixed for their next start.
    private var pins: [String: Set<String>] {
        var pins: [String: Set<String>] = [:]
        for guest in state.guests {
            for nic in guest.config { if let vf = nic.vf { pins[vf, default: []].insert(guest.name) } }
        }
        return pins
    }

    /// Who has which VF now.
    private var holders: [String: String] {
        var holders: [String: String] = [:]
        for guest in state.guests where guest.running {
            for nic in guest.live { if let vf = nic.vf { holders[vf] = guest.name } }
        }
        return holders
    }

    private var hostsVF: String? {
        let words = host.hosts.split(separator: " ")
        return words.count == 2 ? Int(words[1]).flatMap { address(String(words[0]), $0) } : nil
    }

    /// Nobody runs on a VF that another guest has fixed, or that the host uses.
    private var owners: [String] {
        holders.compactMap { vf, guest in
            if vf == hostsVF { return "\(guest) has \(vf), which the host uses" }
            guard let pinned = pins[vf], !pinned.contains(guest) else { return nil }
            return "\(guest) has \(vf), which \(pinned.sorted()) has fixed"
        }
    }

    /// Whatever a running pool may hand out next is nobody's.
    private var free: [String] {
        state.networks.flatMap { network -> [String] in
            let taken = Set(network.ports.compactMap(\.vf))
            return network.listed.filter { !taken.contains($0) }.compactMap { vf in
                if vf == hostsVF { return "\(network.name) may hand out \(vf), which the host uses" }
                if let guest = holders[vf] { return "\(network.name) may hand out \(vf), which \(guest) has" }
                return pins[vf].map { "\(network.name) may hand out \(vf), which \($0.sorted()) has fixed" }
            }
        }
    }

    /// Nor does its next start hand out what somebody then has.
    private var nextStart: [String] {
        state.networks.flatMap { network -> [String] in
            let all = state.pfs.first { "vfpool-\($0.name)" == network.name }?.vfs.map(\.address)
            return (network.next ?? all ?? []).compactMap { vf in
                if vf == hostsVF { return "\(network.name) will hand out \(vf), which the host uses" }
                return pins[vf].map { "\(network.name) will hand out \(vf), which \($0.sorted()) has fixed" }
            }
        }
    }

    /// All guests that are shut off can be started, now and after a reboot.
    private var starts: [String] {
        var wanted: [String: [String]] = [:]
        var all: [String: Int] = [:]
        var wrong: [String] = []
        for guest in state.guests {
            for nic in guest.config {
                if let network = nic.network {
                    all[network, default: 0] += 1
                    if !guest.running { wanted[network, default: []].append(guest.name) }
                }
                guard !guest.running, let vf = nic.vf, let holder = holders[vf] else { continue }
                wrong.append("\(guest.name) can't start: \(holder) has its \(vf)")
            }
        }
        for (name, guests) in wanted {
            guard let network = state.network(name), network.active else {
                wrong.append("\(guests) can't start: \(name) is not active")
                continue
            }
            let taken = Set(network.ports.compactMap(\.vf))
            let left = network.listed.count { !taken.contains($0) }
            if left < guests.count { wrong.append("\(name) has \(left) VFs left for \(guests)") }
        }
        for (name, count) in all {
            guard let next = state.network(name)?.next, next.count < count else { continue }
            wrong.append("\(name)'s next start has \(next.count) VFs for \(count) interfaces")
        }
        return wrong
    }
}

extension Array {
    fileprivate func appending(_ element: Element?) -> Self { self + (element.map { [$0] } ?? []) }
}
