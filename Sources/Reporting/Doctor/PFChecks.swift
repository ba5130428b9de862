import Model
import SRIOV
import Text

/// PFs: whether they can be split, are driven, up and connected.
enum PFChecks {
    static func all(_ exam: Examination) -> [Diagnostic] {
        guard !exam.pfs.isEmpty else { return exam.isWhole || !exam.pools.isEmpty ? [none(exam)] : [] }
        return exam.pfs.flatMap { pf in
            [capable(pf, exam), driver(pf), eswitch(pf, exam), bridge(pf, exam), enabled(pf, exam)]
                .compactMap(\.self)
                + link(pf, exam)
        }
    }

    private static func none(_ exam: Examination) -> Diagnostic {
        guard exam.isWhole else { return .unknown(.pfCapable, "the pool's PF is not on this host") }
        return Diagnostic(
            .pfCapable, .fail, "no network device of this host can have VFs",
            hints: [
                "enable SR-IOV in the firmware's setup, and in the card's own where it has one",
                "is the card's driver loaded? `lspci -k`",
            ])
    }

    private static func capable(_ pf: PhysicalFunction, _ exam: Examination) -> Diagnostic {
        let title = pf.title
        let pfs = [pf.address.description]
        do throws(Failure) {
            try CardLimits.checkCard(pf)
        } catch {
            let pools = exam.state.pools(of: pf).map(\.name)
            let isWanted = error.code == .notCapable || !pools.isEmpty
            return Diagnostic(
                .pfCapable, isWanted ? .fail : .note, error.message, hints: error.hints, pools: pools, pfs: pfs)
        }
        switch pf.possibleVFs {
        case nil:
            return .unknown(
                .pfCapable, "libvirt does not know how many VFs it can have", subject: title.string, pfs: pfs)
        case let count?:
            return Diagnostic(.pfCapable, .pass, "\(title) can have \(Words.count(count, "VF"))", pfs: pfs)
        }
    }

    private static func driver(_ pf: PhysicalFunction) -> Diagnostic {
        let title = pf.title
        let pfs = [pf.address.description]
        guard let driver = pf.driver else {
            // What makes a netdev is a driver: it is only not told.
            guard pf.netdev == nil else {
                return .unknown(.pfDriver, "libvirt does not name its driver", subject: title.string, pfs: pfs)
            }
            return Diagnostic(
                .pfDriver, .fail, "\(title) has no driver",
                hints: PFWithoutNetdev(pf).map { [$0.hint] } ?? [], pfs: pfs)
        }
        if let lack = PFWithoutNetdev(pf) {
            return Diagnostic(
                .pfDriver, .fail, "\(title) \(lack.reason): as long as that is so, its VFs can't be in a pool",
                hints: [lack.hint], pfs: pfs)
        }
        return Diagnostic(.pfDriver, .pass, "\(title) is driven by \(driver)", pfs: pfs)
    }

    /// Nil where it is of no concern: no such mode, or nobody can tell.
    private static func eswitch(_ pf: PhysicalFunction, _ exam: Examination) -> Diagnostic? {
        guard let isSwitchdev = pf.isSwitchdev else { return nil }
        let pfs = [pf.address.description]
        let pools = exam.state.pools(of: pf)
        guard isSwitchdev else {
            return Diagnostic(
                .eswitchMode, .pass, "\(pf.title) leaves its VFs' VLANs to libvirt (no switchdev mode)",
                pools: pools.map(\.name), pfs: pfs)
        }
        let barred = exam.state.guests.filter { guest in
            guest.interfaces.contains { interface in
                let isHere =
                    interface.attachment.pinnedAddress.map { exam.index.place($0)?.pf.address == pf.address }
                    ?? pools.contains { $0.name == interface.attachment.networkName }
                return isHere && exam.state.effectiveVLAN(interface) != nil
            }
        }.map(\.name)
        if !barred.isEmpty {
            return Diagnostic(
                .eswitchMode, .fail,
                "\(pf.title) is in switchdev mode, in which its VFs get no VLAN: \(Words.list(barred.map { "guest \($0)" })) can't start",
                hints: SwitchMode.hints(pf), pools: pools.map(\.name), guests: barred, pfs: pfs)
        }
        let hasVLANs = pools.contains { !SwitchMode.vlans($0.configuration).isEmpty }
        return Diagnostic(
            .eswitchMode, hasVLANs ? .warn : .note,
            "\(pf.title) is in switchdev mode: VLAN, trust and spoof check of its VFs can't be set through it",
            hints: SwitchMode.hints(pf), pools: pools.map(\.name), pfs: pfs)
    }

    /// Nil where there is no bridge on the PF, or nobody on it.
    private static func bridge(_ pf: PhysicalFunction, _ exam: Examination) -> Diagnostic? {
        let pools = exam.state.pools(of: pf).map(\.name)
        guard let name = pf.bridges.first, !pools.isEmpty, let found = PFBridge(.bridge(name), on: [pf], exam.state)
        else { return nil }
        let cards = found.cards(exam.state)
        guard !cards.isEmpty else { return nil }
        let guests = Set(cards.map(\.guest)).sorted()
        return Diagnostic(
            .guestNetwork, .warn,
            "bridge \(name) is on \(pf.title) itself: \(Words.list(guests.map { "guest \($0)" })) on it, and guests on its VFs, do not reach each other, unless the card is told of their MACs",
            hints: found.hints(cards.map(\.mac)), pools: pools, guests: guests, pfs: [pf.address.description])
    }

    /// Nil where another check says why there are none.
    private static func enabled(_ pf: PhysicalFunction, _ exam: Examination) -> Diagnostic? {
        let pools = exam.state.pools(of: pf).map(\.name)
        let pfs = [pf.address.description]
        let count = max(pf.enabledVFs, pf.functions.count)
        if count > 0 {
            return Diagnostic(
                .vfsEnabled, .pass, "\(pf.title) has \(Words.count(count, "VF"))", pools: pools, pfs: pfs)
        }
        guard pf.possibleVFs != 0 else { return nil }
        let number = pf.possibleVFs.map { String(min($0, 8)) } ?? "N"
        return Diagnostic(
            .vfsEnabled, pools.isEmpty ? .note : .fail,
            pools.isEmpty
                ? "\(pf.title) has no VFs"
                : "\(pf.title) has no VFs: \(Words.list(pools.map { "pool \($0)" })) can't start",
            hints: ["enable them: `vfpool resize \(shell: pf.title) \(shell: number)`"], pools: pools, pfs: pfs)
    }

    // MARK: Link

    private static func link(_ pf: PhysicalFunction, _ exam: Examination) -> [Diagnostic] {
        let pfs = [pf.address.description]
        switch pf.isUp {
        case nil:
            return [Diagnostic.Code.pfUp, .pfCarrier].map {
                .unknown($0, unseen(pf, exam, "the kernel does not say"), subject: pf.title.string, pfs: pfs)
            }
        case false?:
            // Of a PF with pools, a finding says so.
            guard exam.state.pools(of: pf).isEmpty else { return [] }
            return [
                Diagnostic(
                    .pfUp, .note, "\(pf.title) is down: libvirt sets up VFs only while their PF is up",
                    hints: ["bring it up: `ip link set dev \(shell: pf.title) up`"], pfs: pfs)
            ]
        case true?: return [Diagnostic(.pfUp, .pass, "\(pf.title) is up", pfs: pfs), carrier(pf, exam)]
        }
    }

    /// Why a PF's link can't be told.
    private static func unseen(_ pf: PhysicalFunction, _ exam: Examination, _ reason: String) -> String {
        guard exam.state.isLocal else { return HostFacts.elsewhere }
        return pf.netdev == nil ? "it has no netdev here" : reason
    }

    private static func carrier(_ pf: PhysicalFunction, _ exam: Examination) -> Diagnostic {
        let pfs = [pf.address.description]
        switch pf.hasCarrier {
        case nil:
            return .unknown(
                .pfCarrier, unseen(pf, exam, "the driver does not say"),
                subject: pf.title.string,
                pfs: pfs)
        case true?: return Diagnostic(.pfCarrier, .pass, "\(pf.title) has a link", pfs: pfs)
        case false?:
            return Diagnostic(
                .pfCarrier, .warn, "\(pf.title) has no link: guests on its VFs reach each other at most",
                hints: ["look at the cable and the switch's port: `ethtool \(shell: pf.title)`"], pfs: pfs)
        }
    }
}
