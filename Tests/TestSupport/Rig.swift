import FoundationEssentials
import Glibc
import Synchronization

/// A pretend SR-IOV host with a real libvirtd, in namespaces of its own. See `Tests/Rig/README.md`.
///
/// It lives until `stop`, or until it is let go of, or until this process ends in whatever way. Each command starts when the
/// pretend kernel has settled, and takes some 6 ms more than outside.
package final class Rig: Sendable {
    /// Where its files are: `vf/` (the VF tables), `cues/`, `var/log/libvirt/`, `run/`, `*.log`.
    package let folder: String
    private let runner: String
    private let socket: String
    private let channel: Mutex<RigChannel>
    private let links = Atomic<Int>(0)
    private let ended = Atomic<Bool>(false)
    /// What was started on it, held until it ends.
    private let started = Mutex<[ChildProcess]>([])

    // MARK: Its life

    /// Why no rig can run here (not root, a package missing), or nil: for `.enabled(if: Rig.missing == nil, …)`.
    package static let missing: String? = lacks([:])

    /// The same of one with libvirt's daemons apart, which not every distribution ships.
    package static let missingModular: String? = lacks(["RIG_DAEMONS": "modular+proxy"])

    /// Whether rigs have libvirt's daemons apart where nothing else is said.
    package static let isModular = getenv("RIG_DAEMONS").map { strncmp($0, "modular", 7) == 0 } ?? false

    private static func lacks(_ more: [String: String]) -> String? {
        do throws(RigError) {
            let environment = basicEnvironment.merging(more) { $1 }
            let check = try RunningCommand([path("rig"), "--check"], environment: environment).wait()
            return check.status == 0 ? nil : check.stderr
        } catch {
            return error.message
        }
    }

    /// Makes a host, does something on it, and ends it. (A closure whose every `try` is within `#expect` must say
    /// `{ rig throws in … }`; Swift does not look into macros.)
    package static func with<R>(_ parts: RigPart..., body: (Rig) throws -> R) throws -> R {
        try with(parts, body: body)
    }

    package static func with<R>(_ parts: [RigPart], body: (Rig) throws -> R) throws -> R {
        let rig = try Rig(parts)
        defer { rig.stop() }
        return try body(rig)
    }

    package init(_ parts: [RigPart]) throws(RigError) {
        var host = RigChannel.Host()
        for part in parts { host.add(part) }
        let description: Scratch
        do {
            description = try Scratch(holding: String(decoding: try JSONEncoder().encode(host), as: UTF8.self))
        } catch {
            throw (error as? RigError) ?? RigError("\(error)")
        }
        let line = try RigChannel(
            Self.path("rig"), description: "/proc/\(getpid())/fd/\(description.file)",
            environment: Self.basicEnvironment)
        do {
            let start = try line.decode(RigChannel.Start.self)
            folder = start.folder
            runner = start.run
            socket = start.socket
            _ = try line.decode(RigChannel.Done.self)
        } catch {
            line.end()
            throw error
        }
        withExtendedLifetime(description) {}  // the rig has read it by now
        channel = Mutex(line)
    }

    deinit { stop() }

    /// Ends it; nothing is left.
    package func stop() {
        guard !ended.exchange(true, ordering: .relaxed) else { return }
        channel.withLock { $0.end() }
        started.withLock { $0.removeAll() }
    }

    // MARK: Commands on it

    /// Runs vfpool, the one built with these tests or `VFPOOL_BINARY`.
    package func vfpool(
        _ words: String..., environment: [String: String] = [:], input: String = "", seconds: Double = 300
    ) throws(RigError) -> CommandResult {
        try start([Self.vfpool] + words, environment: environment, input: input).wait(seconds: seconds)
    }

    package func virsh(_ words: String...) throws(RigError) -> CommandResult {
        try start(["virsh", "-q"] + words).wait()
    }

    package func run(
        _ words: String..., environment: [String: String] = [:], input: String = "", seconds: Double = 300
    ) throws(RigError) -> CommandResult {
        try start(words, environment: environment, input: input).wait(seconds: seconds)
    }

    /// A shell's script.
    package func sh(_ script: String) throws(RigError) -> CommandResult {
        try start(["sh", "-c", script]).wait()
    }

    /// Writes a file of the host's, with the folders that it needs.
    package func write(_ path: String, _ text: String, mode: String = "644") throws(RigError) {
        let script = "mkdir -p \"${1%/*}\" && cat > \"$1\" && chmod $2 \"$1\""
        let result = try start(["sh", "-c", script, "sh", path, mode], input: text).wait()
        if result.status != 0 { throw RigError("\(path): \(result.stderr)") }
    }

    /// Starts a command that goes on beside the test. It dies with the rig.
    package func start(
        _ words: [String], environment: [String: String] = [:], input: String = "", folder: String? = nil
    ) throws(RigError) -> RunningCommand {
        let command = try RunningCommand(
            [runner, self.folder] + (folder.map { ["env", "-C", $0] } ?? []) + words,
            environment: self.environment.merging(environment) { $1 }, input: input)
        started.withLock { $0.append(command.process) }
        return command
    }

    /// Starts a command on a terminal.
    package func terminal(
        _ words: String..., environment: [String: String] = [:], columns: Int = 100, rows: Int = 40
    ) throws(RigError) -> RigTerminal {
        try RigTerminal(
            [runner, "-t", "\(columns)x\(rows)", folder] + words,
            environment: self.environment.merging(["TERM": "xterm-256color"]) { $1 }.merging(environment) { $1 })
    }

    /// vfpool's path, for `start` and `terminal`.
    package static let vfpool: String = {
        if let path = getenv("VFPOOL_BINARY") { return String(cString: path) }
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
        let tests = String(decoding: buffer[..<max(count, 0)].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return tests.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/vfpool"
    }()

    // MARK: Its state

    package func state() throws(RigError) -> RigState { try ask(RigChannel.Request(do: "state"), for: RigState.self) }

    /// See `RigState.problems`.
    package func problems(macs: [String: [String]] = [:]) throws(RigError) -> [String] {
        try state().problems(macs: macs)
    }

    /// The PCI address of a VF.
    package func vf(_ pf: String, _ index: Int) throws(RigError) -> String {
        let state = try ask(
            RigChannel.Request(do: "kernel", request: RigChannel.KernelRequest(do: "state")),
            for: RigChannel.KernelState.self)
        guard let function = state.pfs.first(where: { $0.name == pf })?.vfs.first(where: { $0.index == index }) else {
            throw RigError("\(pf) has no VF \(index)")
        }
        return function.address
    }

    /// What was ever set for a VF, oldest first: `eth3 0000:03:00.0 vf 0 mac 52:54:00:00:00:01`.
    package func settingsHistory() throws(RigError) -> [String] {
        try run("sh", "-c", "cat /dev/rig/vf/history 2>/dev/null").stdout.split(separator: "\n").map(String.init)
    }

    // MARK: Doing things to it

    /// `freeze`: it is stopped where it is, and says nothing until `thaw`. Nor does anything that asks it, the rig's own `state`.
    /// `reload` is SIGHUP. `rest`: it ended for want of work, and starts again when somebody connects; of modular ones only.
    package enum Daemon: String, Sendable { case start, stop, kill, restart, reload, freeze, thaw, rest }

    /// With all of libvirt's daemons, or with one: `virtqemud`, `virtnetworkd`, `virtnodedevd`, `virtinterfaced`, `virtproxyd`.
    /// Where there is but libvirtd, it is each of the first four.
    package func daemon(_ action: Daemon, _ name: String? = nil) throws(RigError) {
        try tell(RigChannel.Request(do: "daemon", action: action.rawValue, name: name))
    }

    package enum VFsAtBoot: Sendable { case restored, none, count(Int) }

    /// Everything stops at once; /run, the VF tables and `sriov_numvfs` are as after power-on, and autostart does its work.
    package func reboot(vfs: VFsAtBoot = .restored) throws(RigError) {
        switch vfs {
        case .restored: try tell(RigChannel.Reboot(vfs: "restored"))
        case .none: try tell(RigChannel.Reboot(vfs: "none"))
        case .count(let count): try tell(RigChannel.Reboot(vfs: count))
        }
    }

    /// Defines more networks and guests, and starts those that are to run. Other parts are ignored.
    package func add(_ parts: RigPart...) throws(RigError) {
        var host = RigChannel.Host()
        for part in parts { host.add(part) }
        try tell(RigChannel.Provide(networks: host.networks, guests: host.guests))
    }

    /// Changes `sriov_numvfs`, through 0 as the kernel wants it. The VFs are new ones.
    package func setVFs(_ pf: String, _ count: Int) throws(RigError) {
        try tell(kernel: RigChannel.KernelRequest(do: "vfs", pf: pf, count: count))
    }

    /// The PF's netdev gets another name. It keeps its VFs.
    package func rename(_ pf: String, to name: String) throws(RigError) {
        try tell(kernel: RigChannel.KernelRequest(do: "rename", pf: pf, to: name))
    }

    /// Another card in the slot: another burnt-in MAC, and no VF before someone makes them.
    package func replaceCard(_ pf: String, mac: String) throws(RigError) {
        try tell(kernel: RigChannel.KernelRequest(do: "replace", pf: pf, mac: mac))
    }

    package func removeCard(_ pf: String) throws(RigError) {
        try tell(kernel: RigChannel.KernelRequest(do: "remove", pf: pf))
    }

    package func setLink(_ pf: String, up: Bool? = nil, carrier: Bool? = nil) throws(RigError) {
        try tell(kernel: RigChannel.KernelRequest(do: "link", pf: pf, up: up, carrier: carrier))
    }

    /// The host starts to use a VF.
    package func use(_ pf: String, _ use: RigUse) throws(RigError) {
        try tell(kernel: RigChannel.KernelRequest(do: "use", pf: pf, vf: use.vf, by: use))
    }

    /// How a guest behaves from now on; nil: as it should.
    package struct Cue: Encodable, Sendable {
        package enum Unplug: Sendable { case ignored, refused, held, after(seconds: Double) }

        /// What the guest does when a device is unplugged. Ignored, libvirt waits 5 s and says that all is well. Held, it
        /// lets go when it gets another cue.
        package var unplug: Unplug?
        package var attachFails: Bool
        package var startFails: Bool
        /// Does not heed the power button (`virsh shutdown`).
        package var ignoresPower: Bool
        /// The guest's agent runs, and tells these interfaces with their MACs. For a guest with `RigPart.agentChannel`,
        /// before it starts.
        package var agent: [String: String]?

        package init(
            unplug: Unplug? = nil, attachFails: Bool = false, startFails: Bool = false, ignoresPower: Bool = false,
            agent: [String: String]? = nil
        ) {
            self.agent = agent
            self.unplug = unplug
            self.attachFails = attachFails
            self.startFails = startFails
            self.ignoresPower = ignoresPower
        }

        private enum Keys: String, CodingKey { case unplug, attach, start, power, agent }

        package func encode(to encoder: any Encoder) throws {
            var values = encoder.container(keyedBy: Keys.self)
            switch unplug {
            case .ignored: try values.encode("ignore", forKey: .unplug)
            case .refused: try values.encode("refuse", forKey: .unplug)
            case .held: try values.encode("hold", forKey: .unplug)
            case .after(let seconds): try values.encode(seconds, forKey: .unplug)
            case nil: break
            }
            if attachFails { try values.encode("fail", forKey: .attach) }
            if startFails { try values.encode("fail", forKey: .start) }
            if ignoresPower { try values.encode("ignore", forKey: .power) }
            try values.encodeIfPresent(agent, forKey: .agent)
        }
    }

    package func cue(_ guest: String, _ cue: Cue?) throws(RigError) {
        try tell(RigChannel.CueRequest(guest: guest, cue: cue ?? Cue()))
    }

    /// Claims a VF in an active network by a PF with VIR_NETWORK_PORT_CREATE_RECLAIM; returns the PF's document.
    @discardableResult
    package func createPort(_ network: String, xml: String, flags: Int = 1) throws(RigError) -> String {
        struct Answer: Decodable { var xml: String }
        return try ask(RigChannel.PFRequest(network: network, xml: xml, flags: flags), for: Answer.self).xml
    }

    /// A URI of the same libvirtd with a longer way to it: a round trip takes this much more.
    package func slowLink(milliseconds: Double) throws(RigError) -> String {
        try link(milliseconds: milliseconds).uri
    }

    /// A way to the same libvirtd that counts its answers, and is held up at one of them, if asked to.
    package func link(milliseconds: Double = 0, heldAtAnswer answer: Int = 0) throws(RigError) -> RigLink {
        struct Answer: Decodable { var socket: String }
        let name = "link\(links.add(1, ordering: .relaxed).newValue)"
        let request = RigChannel.SlowLink(name: name, seconds: milliseconds / 1000, answer: answer)
        return RigLink(name: name, socket: try ask(request, for: Answer.self).socket)
    }

    /// After a reboot, which ends everything that runs: the same way once more, without delay or hold.
    package func reopen(_ link: RigLink) throws(RigError) {
        try tell(RigChannel.SlowLink(name: link.name, seconds: 0, answer: 0))
    }

    /// For a connection from the test's own process.
    package var uri: String { "qemu+unix:///system?socket=\(folder)\(socket)" }

    // MARK: Within

    private static let basicEnvironment: [String: String] = {
        var variables = ["PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"]
        for name in ["TMPDIR", "RIG_CACHE", "RIG_DAEMONS", "RIG_KEEP", "LLVM_PROFILE_FILE"] {
            if let value = getenv(name) { variables[name] = String(cString: value) }
        }
        return variables
    }()

    private var environment: [String: String] { Self.basicEnvironment.merging(["HOME": "\(folder)/home"]) { $1 } }

    private static func path(_ name: String) -> String {
        #filePath.split(separator: "/").dropLast(2).reduce("") { $0 + "/" + $1 } + "/Rig/" + name
    }

    private func ask<Answer: Decodable>(_ request: some Encodable & Sendable, for: Answer.Type) throws(RigError)
        -> Answer
    {
        guard !ended.load(ordering: .relaxed) else { throw RigError("the rig was stopped") }
        let result: Result<Answer, RigError> = channel.withLock { line in
            Result { () throws(RigError) in try line.ask(request, for: Answer.self) }
        }
        return try result.get()
    }

    private func tell(_ request: some Encodable & Sendable) throws(RigError) {
        _ = try ask(request, for: RigChannel.Done.self)
    }

    private func tell(kernel request: RigChannel.KernelRequest) throws(RigError) {
        try tell(RigChannel.Request(do: "kernel", request: request))
    }
}
