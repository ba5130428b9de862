import Model
import SRIOV
import Text

/// Ports: whether they can be split, are driven, up and connected.
enum PortChecks {
    static func all(_ exam: Examination) -> [Check] {
        guard !exam.ports.isEmpty else { return exam.isWhole || !exam.pools.isEmpty ? [none(exam)] : [] }
        return exam.ports.flatMap { port in
            [capable(port, exam), driver(port), eswitch(port, exam), bridge(port, exam), enabled(port, exam)]
                .compactMap(\.self)
                + link(port, exam)
        }
    }

    private static func none(_ exam: Examination) -> Check {
        guard exam.isWhole else { return .unknown(.portCapable, "the pool's PF is not on this host") }
        return Check(
            .portCapable, .fail, "no network port of this host can have VFs",
            hints: [
                "enable SR-IOV in the firmware's setup, and in the card's own where it has one",
                "is the card's driver loaded? `lspci -k`",
            ])
    }

    private static func capable(_ port: PhysicalFunction, _ exam: Examination) -> Check {
        let title = port.title
        let ports = [port.address.description]
        do throws(Failure) {
            try CardLimits.checkCard(port)
        } catch {
            let pools = exam.state.pools(of: port).map(\.name)
            let isWanted = error.code == .notCapable || !pools.isEmpty
            return Check(
                .portCapable, isWanted ? .fail : .note, error.message, hints: error.hints, pools: pools, ports: ports)
        }
        switch port.possibleVFs {
        case nil:
            return .unknown(
                .portCapable, "libvirt does not know how many VFs it can have", subject: title.string, ports: ports)
        case let count?:
            return Check(.portCapable, .pass, "\(title) can have \(Words.count(count, "VF"))", ports: ports)
        }
    }

    private static func driver(_ port: PhysicalFunction) -> Check {
        let title = port.title
        let ports = [port.address.description]
        guard let driver = port.driver else {
            // What makes a netdev is a driver: it is only not told.
            guard port.netdev == nil else {
                return .unknown(.portDriver, "libvirt does not name its driver", subject: title.string, ports: ports)
            }
            return Check(
                .portDriver, .fail, "\(title) has no driver",
                hints: PFWithoutNetdev(port).map { [$0.hint] } ?? [], ports: ports)
        }
        if let lack = PFWithoutNetdev(port) {
            return Check(
                .portDriver, .fail, "\(title) \(lack.reason): as long as that is so, its VFs can't be in a pool",
                hints: [lack.hint], ports: ports)
        }
        return Check(.portDriver, .pass, "\(title) is driven by \(driver)", ports: ports)
    }

    /// Nil where it is of no concern: no such mode, or nobody can tell.
    private static func eswitch(_ port: PhysicalFunction, _ exam: Examination) -> Check? {
        guard let isSwitchdev = port.isSwitchdev else { return nil }
        let ports = [port.address.description]
        let pools = exam.state.pools(of: port)
        guard isSwitchdev else {
            return Check(
                .eswitchMode, .pass, "\(port.title) leaves its VFs' VLANs to libvirt (no switchdev mode)",
                pools: pools.map(\.name), ports: ports)
        }
        let barred = exam.state.guests.filter { guest in
            guest.interfaces.contains { interface in
                let isHere =
                    interface.attachment.pinnedAddress.map { exam.index.place($0)?.port.address == port.address }
                    ?? pools.contains { $0.name == interface.attachment.networkName }
                return isHere && exam.state.effectiveVLAN(interface) != nil
            }
        }.map(\.name)
        if !barred.isEmpty {
            return Check(
                .eswitchMode, .fail,
                "\(port.title) is in switchdev mode, in which its VFs get no VLAN: \(Words.list(barred.map { "guest \($0)" })) can't start",
                hints: SwitchMode.hints(port), pools: pools.map(\.name), guests: barred, ports: ports)
        }
        let hasVLANs = pools.contains { !SwitchMode.vlans($0.configuration).isEmpty }
        return Check(
            .eswitchMode, hasVLANs ? .warn : .note,
            "\(port.title) is in switchdev mode: VLAN, trust and spoof check of its VFs can't be set through it",
            hints: SwitchMode.hints(port), pools: pools.map(\.name), ports: ports)
    }

    /// Nil where there is no bridge on the port, or nobody on it.
    private static func bridge(_ port: PhysicalFunction, _ exam: Examination) -> Check? {
        let pools = exam.state.pools(of: port).map(\.name)
        guard let name = port.bridges.first, !pools.isEmpty, let found = PFBridge(.bridge(name), on: [port], exam.state)
        else { return nil }
        let cards = found.cards(exam.state)
        guard !cards.isEmpty else { return nil }
        let guests = Set(cards.map(\.guest)).sorted()
        return Check(
            .guestNetwork, .warn,
            "bridge \(name) is on \(port.title) itself: \(Words.list(guests.map { "guest \($0)" })) on it, and guests on its VFs, do not reach each other, unless the card is told of their MACs",
            hints: found.hints(cards.map(\.mac)), pools: pools, guests: guests, ports: [port.address.description])
    }

    /// Nil where another check says why there are none.
    private static func enabled(_ port: PhysicalFunction, _ exam: Examination) -> Check? {
        let pools = exam.state.pools(of: port).map(\.name)
        let ports = [port.address.description]
        let count = max(port.enabledVFs, port.functions.count)
        if count > 0 {
            return Check(
                .vfsEnabled, .pass, "\(port.title) has \(Words.count(count, "VF"))", pools: pools, ports: ports)
        }
        guard port.possibleVFs != 0 else { return nil }
        let number = port.possibleVFs.map { String(min($0, 8)) } ?? "N"
        return Check(
            .vfsEnabled, pools.isEmpty ? .note : .fail,
            pools.isEmpty
                ? "\(port.title) has no VFs"
                : "\(port.title) has no VFs: \(Words.list(pools.map { "pool \($0)" })) can't start",
            hints: ["enable them: `vfpool resize \(shell: port.title) \(shell: number)`"], pools: pools, ports: ports)
    }

    // MARK: Link

    private static func link(_ port: PhysicalFunction, _ exam: Examination) -> [Check] {
        let ports = [port.address.description]
        switch port.isUp {
        case nil:
            return [CheckName.portUp, .portCarrier].map {
                .unknown($0, unseen(port, exam, "the kernel does not say"), subject: port.title.string, ports: ports)
            }
        case false?:
            // Of a port with pools, a finding says so.
            guard exam.state.pools(of: port).isEmpty else { return [] }
            return [
                Check(
                    .portUp, .note, "\(port.title) is down: libvirt sets up VFs of a PF that is up only",
                    hints: ["bring it up: `ip link set dev \(shell: port.title) up`"], ports: ports)
            ]
        case true?: return [Check(.portUp, .pass, "\(port.title) is up", ports: ports), carrier(port, exam)]
        }
    }

    /// Why a PF's link can't be told.
    private static func unseen(_ port: PhysicalFunction, _ exam: Examination, _ reason: String) -> String {
        guard exam.state.isLocal else { return HostFacts.elsewhere }
        return port.netdev == nil ? "it has no netdev here" : reason
    }

    private static func carrier(_ port: PhysicalFunction, _ exam: Examination) -> Check {
        let ports = [port.address.description]
        switch port.hasCarrier {
        case nil:
            return .unknown(
                .portCarrier, unseen(port, exam, "the driver does not say"),
                subject: port.title.string,
                ports: ports)
        case true?: return Check(.portCarrier, .pass, "\(port.title) has a link", ports: ports)
        case false?:
            return Check(
                .portCarrier, .warn, "\(port.title) has no link: guests on its VFs reach each other at most",
                hints: ["look at the cable and the switch's port: `ethtool \(shell: port.title)`"], ports: ports)
        }
    }
}
