import Model
import SRIOV
import Text

/// Guests: fixed functions, MACs that meet, and the memory and processors that VFs go with.
enum GuestChecks {
    static func all(_ exam: Examination) -> [Diagnostic] {
        let bound = exam.guests.filter(exam.needsFunctions).map { Bound(guest: $0, resources: GuestResources($0)) }
        return pins(exam) + macs(exam) + nodes(bound, exam) + memory(bound, exam) + shutdown(bound.map(\.guest), exam)
    }

    /// A guest whose next start needs functions, with what its document says of memory and processors: read once for all checks.
    private struct Bound {
        var guest: Guest
        var resources: GuestResources?
    }

    // MARK: The host's shutdown

    /// libvirt saves no guest with a VF; one whose VF is half of a pair it pauses first, and then waits for it for good.
    private static func shutdown(_ bound: [Guest], _ exam: Examination) -> [Diagnostic] {
        guard !bound.isEmpty else { return [] }
        switch exam.facts.onShutdown {
        case .unknown(let reason): return [.unknown(.hostShutdown, reason)]
        case .known("suspend"):
            return [
                Diagnostic(
                    .hostShutdown, .warn,
                    "libvirt-guests saves guests when the host shuts down, but guests with VFs (\(Words.list(bound.map(\.name)))) can't be saved: they are cut off, or, with a pair, delay the shutdown",
                    hints: ["set ON_SHUTDOWN=shutdown in /etc/default/libvirt-guests"], guests: bound.map(\.name))
            ]
        case .known, .absent:
            return [Diagnostic(.hostShutdown, .pass, "nothing tries to save guests with VFs when the host shuts down")]
        }
    }

    // MARK: Fixed functions

    private static func pins(_ exam: Examination) -> [Diagnostic] {
        let pinned = exam.guests.filter { guest in
            guest.interfaces.contains { $0.attachment.pinnedAddress.map { exam.index.place($0) != nil } ?? false }
        }
        let names = exam.state.functionNames
        let held = exam.guests.flatMap { otherwise($0, names) }
        guard !pinned.isEmpty || !held.isEmpty else {
            return exam.guests.isEmpty || !exam.findings([.missingVF]).isEmpty
                ? [] : [Diagnostic(.pinsOutside, .pass, "no guest is pinned to a VF")]
        }
        return pinned.map { guest in
            let addresses = guest.interfaces.compactMap(\.attachment.pinnedAddress).filter {
                exam.index.place($0) != nil
            }
            // A VF that can be in no pool stays as it is.
            let isStuck = addresses.allSatisfy { exam.index.place($0)?.pf.isInfiniBand ?? false }
            return Diagnostic(
                .pinsOutside, .note,
                "guest \(guest.name) is pinned to \(addresses.count == 1 ? "VF" : "VFs") \(Words.list(addresses.map(\.description))): it can't start with another",
                hints: isStuck ? [] : ["point it at a pool: `vfpool migrate \(shell: guest.word)`"],
                guests: [guest.name],
                fold: isStuck
                    ? nil
                    : Fold(
                        "guest", guest.name, "are pinned to VFs, and can't start with others",
                        hints: ["point them at pools: `vfpool migrate --all`"]))
        } + held
    }

    /// Functions that a guest has in ways that vfpool leaves alone.
    private static func otherwise(_ guest: Guest, _ names: FunctionNames) -> [Diagnostic] {
        guest.held.compactMap { device in
            guard let address = names.function(device.target) else { return nil }
            return Diagnostic(
                .pinsOutside, .note,
                "guest \(guest.name) has VF \(address) \(device.way.words): it can't start with another",
                hints: [
                    "to put it on a pool, \(text: device.way.remedy) with `virsh edit \(shell: guest.word)`, then `vfpool bind \(shell: guest.word) --add --mac MAC`"
                ], guests: [guest.name],
                fold: Fold(
                    "guest", guest.name, "have VFs \(device.way.words), and can't start with others",
                    hints: [
                        "to put one on a pool, \(text: device.way.remedy) with `virsh edit GUEST`, then `vfpool bind GUEST --add --mac MAC`"
                    ]))
        }
    }

    // MARK: MACs

    /// The same MAC twice; the two halves of a pair share theirs by design.
    private static func macs(_ exam: Examination) -> [Diagnostic] {
        var owners: [MACAddress: [Name]] = [:]
        for guest in exam.state.guests {
            let interfaces = guest.isPersistent ? guest.interfaces : guest.liveInterfaces
            for interface in interfaces where !interface.isPersistentHalf {
                if !exam.state.isFunction(interface.attachment), exam.state.olderHalf(of: interface, guest) != nil {
                    continue
                }
                if let mac = interface.mac { owners[mac, default: []].append(guest.name) }
            }
        }
        let names = Set(exam.guests.map(\.name))
        let twice = owners.filter { $0.value.count > 1 && (exam.isWhole || !names.isDisjoint(with: $0.value)) }
        guard !twice.isEmpty else {
            return exam.guests.isEmpty ? [] : [Diagnostic(.duplicateMAC, .pass, "no two interfaces have the same MAC")]
        }
        return twice.sorted { $0.key < $1.key }.map { mac, guests in
            let shared = SharedMAC(mac, of: guests)
            return Diagnostic(
                .duplicateMAC, .warn, shared.message, hints: shared.hints, guests: shared.guests, fold: shared.fold)
        }
    }

    // MARK: NUMA

    private static func nodes(_ bound: [Bound], _ exam: Examination) -> [Diagnostic] {
        let far = bound.flatMap { bound -> [Diagnostic] in
            let guest = bound.guest
            guard let nodes = bound.resources?.nodes(exam.facts.nodes.value), !nodes.isEmpty else { return [] }
            return pfs(of: guest, exam).compactMap { pf in
                guard let node = pf.numaNode, !nodes.contains(node) else { return nil }
                return Diagnostic(
                    .numa, .warn,
                    "guest \(guest.name) is bound to NUMA node \(IndexSet(nodes)), and \(pf.title) is at node \(node): each packet crosses NUMA nodes",
                    hints: ["use a PF of its node, or move it: `virsh numatune \(shell: guest.word)`"],
                    guests: [guest.name], pfs: [pf.address.description],
                    fold: Fold(
                        "guest", guest.name,
                        "are bound to other NUMA nodes than their PFs are at: each packet crosses NUMA nodes",
                        hints: ["use PFs of their nodes, or move them: `virsh numatune GUEST`"]))
            }
        }
        if !far.isEmpty || bound.isEmpty { return far }
        if exam.facts.nodes.value == nil, bound.contains(where: { $0.resources?.processors != nil }) {
            return [.unknown(.numa, exam.facts.nodes.reason ?? "the kernel lists no NUMA nodes")]
        }
        return [Diagnostic(.numa, .pass, "no guest is bound to another NUMA node than its PF's")]
    }

    private static func pfs(of guest: Guest, _ exam: Examination) -> [PhysicalFunction] {
        let pooled = Examination.pools(of: guest, exam.index).flatMap { exam.index.pfs(of: $0) }
        let pinned = Examination.pins(of: guest).compactMap { exam.index.place($0)?.pf }
        var seen: Set<PCIAddress> = []
        return (pooled + pinned).filter { seen.insert($0.address).inserted }.sorted { $0.address < $1.address }
    }

    // MARK: Memory

    /// VFIO locks all memory of a guest, with an IOMMU in it once for each device: libvirt sets the limit 1 GiB over that,
    /// unless the document sets one.
    private static func memory(_ bound: [Bound], _ exam: Examination) -> [Diagnostic] {
        guard !bound.isEmpty else { return [] }
        var checks: [Diagnostic] = []
        for bound in bound {
            let guest = bound.guest
            guard let resources = bound.resources, let memory = resources.memory else { continue }
            let times = resources.timesLocked(exam.state)
            let (product, isTooMuch) = memory.multipliedReportingOverflow(by: times)
            guard !isTooMuch else { continue }
            let needed = product + 1 << 20
            let why =
                times > 1
                ? " (its memory \(times) times: \(resources.hasIOMMU ? "it has an IOMMU of its own" : "vdpa and NVMe devices lock it, too"))"
                : ""
            if let limit = resources.hardLimit, limit < needed {
                checks.append(
                    Diagnostic(
                        .memoryLock, .warn,
                        "guest \(guest.name) may use and lock \(limit / 1024) MiB, and with a VF needs \(needed / 1024)\(why): its start, or a later plug, fails",
                        hints: [
                            "`virsh memtune \(shell: guest.word) --hard-limit \(shell: needed)`, or take the limit out"
                        ],
                        guests: [guest.name],
                        fold: Fold(
                            "guest", guest.name,
                            "may lock less memory than they need with a VF: their start, or a later plug, fails",
                            hints: ["raise the limit of each, or take it out: `virsh memtune GUEST --hard-limit KIB`"]))
                )
            } else if exam.state.uri.contains(bytes: ":///session"), case .known(let limit) = exam.facts.lockLimit,
                limit < needed
            {
                checks.append(
                    Diagnostic(
                        .memoryLock, .fail,
                        "this user may lock \(limit / 1024) MiB, and guest \(guest.name) with a VF needs \(needed / 1024)\(why)",
                        hints: ["raise `memlock` in /etc/security/limits.d, or use qemu:///system"],
                        guests: [guest.name]))
            }
        }
        return checks + allMemory(bound, exam, isWell: checks.isEmpty)
    }

    private static func allMemory(_ bound: [Bound], _ exam: Examination, isWell: Bool) -> [Diagnostic] {
        let starting = bound.filter { $0.guest.autostart || $0.guest.isActive }
        let sum = starting.compactMap(\.resources?.memory).reduce(0, +)
        switch exam.facts.memory {
        case .unknown(let reason): return isWell ? [.unknown(.memoryLock, reason)] : []
        case .absent: return isWell ? [.unknown(.memoryLock, "the kernel does not say how much memory there is")] : []
        case .known(let total) where sum > total:
            return [
                Diagnostic(
                    .memoryLock, .fail,
                    "guests with VFs that run, or start at boot, lock \(sum / 1024) MiB, and the host has \(total / 1024)",
                    hints: [
                        "a guest with a VF can't be swapped out: give them less memory, or let fewer start at boot"
                    ],
                    guests: starting.map(\.guest.name))
            ]
        case .known:
            return isWell ? [Diagnostic(.memoryLock, .pass, "guests with VFs can lock the memory they need")] : []
        }
    }
}
