import Libvirt
import SRIOV
import TestSupport
import Text

@testable import Model
@testable import Reporting

/// One thing that is wrong with an otherwise well host, and the check that has to say so.
struct DoctorCase: Sendable, CustomStringConvertible {
    let code: Diagnostic.Code
    let severity: Diagnostic.Severity
    /// What the message has to name.
    let says: String
    private let host: @Sendable (inout PretendHost) throws -> Void
    private let state: @Sendable (inout State) throws -> Void
    private let facts: @Sendable (inout HostFacts) -> Void

    init(
        _ name: Diagnostic.Code, _ verdict: Diagnostic.Severity, _ says: String,
        host: @escaping @Sendable (inout PretendHost) throws -> Void = { _ in },
        state: @escaping @Sendable (inout State) throws -> Void = { _ in },
        facts: @escaping @Sendable (inout HostFacts) -> Void = { _ in }
    ) {
        self.code = name
        self.severity = verdict
        self.says = says
        self.host = host
        self.state = state
        self.facts = facts
    }

    var description: String { "\(code.rawValue) \(severity.rawValue): \(says)" }

    func diagnosis(named subject: Name? = nil) throws -> Diagnosis {
        var host = try Self.wellHost()
        try self.host(&host)
        var state = try host.state()
        try self.state(&state)
        var facts = Self.wellFacts
        self.facts(&facts)
        return try Diagnosis(state, facts, named: subject)
    }

    /// A pool on eth3, with a running guest that starts at boot.
    static func wellHost() throws -> PretendHost {
        var host = try PretendHost.pooled(vfs: 4)
        try host.addGuest("vm1", [.network("vfpool-eth3")], running: true, autostart: true)
        return host
    }

    static let wellFacts = HostFacts(
        processorFlags: .known(["fpu", "vmx"]), kvm: .known(true), firmwareTables: .known(["DMAR", "FACP"]),
        commandLine: .known(["ro", "intel_iommu=on", "quiet"]), remapsInterrupts: .known(true),
        allowsUnsafeInterrupts: .known(false), vfio: .known(true), nodes: .known([0: 0, 1: 0, 2: 1, 3: 1]),
        memory: .known(16 << 20), lockLimit: .known(8 << 10), boot: .known(BootSetup(setters: [setter()])),
        managers: .known([:]), hooks: .known(["/etc/libvirt/hooks/qemu": true]), leftovers: .absent,
        weaknesses: .absent, unitCopies: .absent, isRoot: .known(true), journalProblem: .absent,
        journalChanges: .known(10),
        onShutdown: .known("shutdown"), migration: .known([:]), hasGrammars: true)

    /// The same of every VF of eth3.
    static func all(_ migration: VFMigration) -> Fact<[PCIAddress: VFMigration]> {
        let addresses = (0..<4).map { PCIAddress(bus: 3, slot: 16, function: 2 * $0) }
        return .known(Dictionary(uniqueKeysWithValues: addresses.map { ($0, migration) }))
    }

    /// A libvirt that chooses VFIO drivers, and VFs of a card that has one of its own.
    static let ofMellanox: @Sendable (inout State) throws -> Void = { state in
        state.libvirtVersion = LibvirtVersion(major: 10, minor: 0, release: 0)
        for index in state.pfs[0].functions.indices { state.pfs[0].functions[index].driver = "mlx5_vfio_pci" }
    }

    static func setter(
        _ means: CountSetter.Means = .unit, path: String = "/etc/systemd/system/vfs.service", count: Int? = 4,
        doubt: String? = nil, isBeforeLibvirt: Bool = true, setsUp: Truth = .yes
    ) -> CountSetter {
        CountSetter(
            means, PCIAddress(bus: 3, slot: 0, function: 0), path, line: 7, count: count, doubt: doubt,
            isBeforeLibvirt: isBeforeLibvirt, setsUp: setsUp)
    }

    /// The well host's facts, with other things that set counts at boot.
    static func boot(_ setters: CountSetter..., unreadable: [String] = []) -> @Sendable (inout HostFacts) -> Void {
        { $0.boot = .known(BootSetup(setters: setters, unreadable: unreadable)) }
    }
}
