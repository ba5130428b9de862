import Glibc
import TestSupport

/// A rig on which things happen by chance, and what was done on it so far.
final class SweepWorld {
    let rig: Rig
    let host: SweepHost
    private let size: SweepHost.Size
    private var random: SeededGenerator
    /// What was done, for people.
    private(set) var history: [String] = []
    /// What went wrong while it was done.
    private(set) var faults: [String] = []

    init(_ rig: Rig, _ host: SweepHost, _ size: SweepHost.Size, _ random: SeededGenerator) {
        self.rig = rig
        self.host = host
        self.size = size
        self.random = random
    }

    func state() throws -> RigState { try rig.state() }

    /// What is wrong now.
    func problems() throws -> [String] {
        defer { faults = [] }
        return try faults + SweepCheck(host, state()).problems
    }

    /// Some PFs have their pool from the beginning.
    func begin() throws {
        for pf in host.pfs where random.once(in: 2) { try command("create", pf) }
    }

    /// Whatever happened, what is left can be migrated.
    func finish() throws {
        try command("migrate", "--all", "--create-pools", "--yes")
        try reconcile()
    }

    // MARK: One step

    /// Does one thing, by chance; then what the unit that watches libvirt does.
    func step() throws {
        switch Int.random(in: 0..<31, using: &random) {
        case 0, 1, 2: try command("migrate", "--all", "--create-pools", "--yes")
        case 3, 4: try commandOnSome("migrate", pooled: false)
        case 5: try command("migrate", "--pf", pf(), "--create-pools", "--yes")
        case 6, 7: try moveLive()
        case 8: try command("create", pf())
        case 9, 10, 11: try start()
        case 12, 13: try stop()
        case 14: try restart(.restart)
        case 15:
            try restart(.kill)
            try restart(.start)
        case 16, 17: try reboot()
        case 18, 19: try cutShort(by: SIGKILL)
        case 20: try cutShort(by: SIGINT)
        case 21: try killDaemonMeanwhile()
        case 22: try command("migrate", "--resume", "--yes")
        case 23, 24: try command("undo", "--yes")
        case 25, 28, 29, 30: try commandOnSome("unbind", pooled: true)
        case 26: try command("delete", "vfpool-" + pf())
        default: try command("reconcile")
        }
        try reconcile()
    }

    /// On some of the guests that are on a pool, or on some of the others.
    private func commandOnSome(_ word: String, pooled: Bool) throws {
        let all = try state().guests.filter { guest in
            guest.config.contains { $0.network != nil } == pooled && guest.config.contains { $0.attached != "bridge" }
        }.map(\.name).shuffled(using: &random)
        guard !all.isEmpty else { return }
        try command([word] + all.prefix(Int.random(in: 1...max(1, all.count / 2), using: &random)))
    }

    private func pf() -> String { random.pick(host.pfs) ?? "" }

    private func running(_ isRunning: Bool) throws -> [String] {
        try state().guests.filter { $0.running == isRunning }.map(\.name)
    }

    // MARK: vfpool

    private func command(_ words: String...) throws { try command(words) }

    /// It may refuse, or stop on the way; it must not leave behind what it can't put back.
    private func command(_ words: [String]) throws {
        note(words, try rig.start([Rig.vfpool] + words).wait(seconds: 120))
    }

    private func note(_ words: [String], _ result: CommandResult, _ how: String = "") {
        let why = result.stderr.split(separator: "\n").first { $0.hasPrefix("error") } ?? ""
        history.append("vfpool \(words.joined(separator: " "))\(how): \(result.status) \(why)")
        if ![0, 1, 5, 130, 137].contains(result.status) {
            faults.append("vfpool \(words.joined(separator: " ")) ended with \(result.status): \(result.stderr)")
        }
    }

    /// What the unit does whenever guests stop, and after a boot.
    private func reconcile() throws {
        let result = try rig.vfpool("reconcile", seconds: 120)
        if result.status != 0 { faults.append("reconcile: \(result)") }
        if result.stdout.contains("Nothing to do") { return }
        let again = try rig.vfpool("reconcile", "--dry-run", "--exit-code", seconds: 120)
        if again.status != 0 { faults.append("reconcile, again: \(again)") }
    }

    private func moveLive() throws {
        guard let guest = random.pick(try running(true)) else { return }
        try command("migrate", guest, "--live", "--yes", "--wait", "5")
    }

    /// While it is at work, at a moment that chance chooses.
    private func cutShort(by signal: Int32) throws {
        let words = ["migrate", "--all", "--create-pools", "--yes"]
        let command = try rig.startChange(words, after: moment())
        command.signal(signal)
        note(words, try command.wait(seconds: 120), " (signal \(signal))")
        if random.once(in: 2) { try self.command("migrate", "--resume", "--yes") }
    }

    private func killDaemonMeanwhile() throws {
        let words = ["migrate", "--all", "--create-pools", "--yes"]
        let command = try rig.startChange(words, after: moment())
        try rig.daemon(.kill)
        usleep(100_000)
        try rig.daemon(.start)
        let result = try command.wait(seconds: 120)
        // Gone for good as far as it can tell: then it says so.
        if result.status == 3 {
            history.append("vfpool \(words.joined(separator: " ")) (no daemon): 3")
            try self.command("undo", "--yes")
        } else {
            note(words, result, " (no daemon)")
        }
    }

    private func moment() -> UInt32 { UInt32.random(in: 0..<UInt32(size.guests) * 1_500 + 20_000, using: &random) }

    // MARK: Guests, daemon, power

    private func start() throws {
        guard try running(true).count < size.running, let guest = random.pick(try running(false)) else { return }
        let result = try rig.virsh("start", guest)
        history.append("start \(guest): \(result.status)")
        if result.status != 0 { faults.append("\(guest) can't start: \(result.stderr)") }
    }

    private func stop() throws {
        guard let guest = random.pick(try running(true)) else { return }
        history.append("destroy \(guest): \(try rig.virsh("destroy", guest).status)")
    }

    private func restart(_ action: Rig.Daemon) throws {
        history.append("daemon \(action)")
        try rig.daemon(action)
    }

    private func reboot() throws {
        history.append("reboot")
        try rig.reboot()
        let script = host.bootScript(try state())
        if !script.isEmpty { _ = try rig.sh(script) }
    }
}
