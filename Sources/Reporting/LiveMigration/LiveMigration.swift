package import Model
import SRIOV
package import Text

/// A guest, the host it is on and the one it is to move to while it runs: what every check of it looks at.
package struct LiveMigration: Sendable {
    let moving: MovingGuest
    package let source: LiveMigrationHost
    package let target: LiveMigrationHost
    /// Who holds which function on the target.
    let claims: ClaimIndex

    package init(_ moving: MovingGuest, from source: LiveMigrationHost, to target: LiveMigrationHost) {
        self.moving = moving
        self.source = source
        self.target = target
        claims = target.state.claims
    }

    var guest: Guest { moving.guest }

    package var guestName: Name { guest.name }

    var checks: [Diagnostic] {
        MovingGuestChecks.all(self) + PairChecks.all(self) + VersionChecks.all(self) + TargetHostChecks.all(self)
            + TargetPoolChecks.all(self) + RoomChecks.all(self) + TargetVLANChecks.all(self)
            + TargetFunctionChecks.all(self) + TargetNetworkChecks.all(self)
    }

    /// Names of the pools that its interfaces get VFs from, here or there.
    var poolNames: [Name] {
        var seen: Set<Name> = []
        return moving.interfaces.filter(takesFunction).compactMap(\.network).filter { seen.insert($0).inserted }
    }

    /// Those of them that the target has, as pools.
    var targetPools: [NetworkState] { poolNames.compactMap(target.state.network).filter(\.isPool) }

    /// Whether the interface gets a VF, from a pool or a fixed one.
    func takesFunction(_ interface: MovingInterface) -> Bool {
        if interface.fixed != nil { return true }
        guard let name = interface.network else { return false }
        return source.state.network(name)?.isPool ?? target.state.network(name)?.isPool ?? false
    }

    /// Interfaces with VFs.
    var withFunctions: [MovingInterface] { moving.interfaces.filter(takesFunction) }

    // MARK: Words

    /// `-c qemu+ssh://root@b/system`, for commands that are to be run against the target.
    var there: ShellCommand { "-c \(shell: target.state.uri)" }

    /// The guest's name as a word of a command.
    var name: ShellWord { ShellWord(guest.word) }

    func check(
        _ name: Diagnostic.Code, _ verdict: Diagnostic.Severity, _ message: String, hints: [Hint] = [],
        pools: [Name] = []
    ) -> Diagnostic {
        Diagnostic(name, verdict, message, hints: hints, pools: pools, guests: [guest.name])
    }

    func unknown(_ name: Diagnostic.Code, _ reason: String, subject: String? = nil, pools: [Name] = []) -> Diagnostic {
        .unknown(name, reason, subject: subject, pools: pools, guests: [guest.name])
    }
}
