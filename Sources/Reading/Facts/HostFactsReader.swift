import Glibc
package import Journal
package import Model
package import SRIOV
import Text

extension Host {
    /// What this machine says of what `doctor` asks; unknown, each of it, where the host is another one.
    package func facts(
        _ state: State, files: SystemFiles = SystemFiles(), stateFolder: StateFolder
    ) -> HostFacts {
        guard isLocal else { return .unknown(HostFacts.elsewhere, hasGrammars: Grammars.areAvailable) }
        return HostFactsReader(files: files, sysfs: sysfs).facts(state, stateFolder)
    }
}

extension Host {
    /// What sets VF counts on this machine at boot; nil of another one.
    ///
    /// - Throws: `host-unreadable` where root itself can't read all that may.
    package func bootSetup(of state: State, files: SystemFiles = SystemFiles()) throws(Failure) -> BootSetup? {
        guard isLocal else { return nil }
        let setup = BootSetupReader(files: files, pfs: state.pfs).setup()
        if geteuid() == 0, let reason = setup.failure {
            throw Failure(
                .unreadable, "it is not known what sets VF counts at boot", cause: reason,
                hints: ["nothing was changed: two files might set one count"])
        }
        return setup
    }
}

/// Reads a host's facts from its files.
package struct HostFactsReader {
    let files: SystemFiles
    let sysfs: Sysfs

    package init(files: SystemFiles, sysfs: Sysfs) {
        self.files = files
        self.sysfs = sysfs
    }

    package func facts(_ state: State, _ stateFolder: StateFolder) -> HostFacts {
        var facts = HostFacts(
            processorFlags: processorFlags(), kvm: kvm(), firmwareTables: firmwareTables(),
            commandLine: mapped(files.text("/proc/cmdline")) { Self.words($0) }, remapsInterrupts: remapsInterrupts(),
            allowsUnsafeInterrupts: mapped(
                files.text("/sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts")
            ) { $0.hasPrefix(bytes: "Y") },
            vfio: Fact(sysfs.vfioAvailable()), nodes: nodes(), memory: memory(), lockLimit: Self.lockLimit(),
            boot: .known(BootSetupReader(files: files, pfs: state.pfs).setup()),
            managers: .known(NetdevManagers(files: files).managers(of: state.functions.compactMap(\.netdev))),
            hooks: hooks(), leftovers: leftovers(), weaknesses: weaknesses(),
            unitCopies: unitCopies(), isRoot: .known(geteuid() == 0), journalProblem: Fact(stateFolder.problem),
            journalChanges: Self.changes(in: stateFolder),
            onShutdown: onShutdown(), migration: .known(sysfs.migration(of: state.pfs)),
            hasGrammars: Grammars.areAvailable)
        let program = HookFile.allCases.lazy.compactMap { files.text($0.path).value.flatMap(HookFile.program) }.first
        // What root alone may see, root is told.
        if let program { facts.hookConfinement = try? Confinement.problem(running: program) }
        return facts
    }

    private static func changes(in stateFolder: StateFolder) -> Fact<Int> {
        do throws(Failure) {
            return .known(try Journal(stateFolder).count())
        } catch {
            return .unknown("\(error.message)\(error.cause.map { ": \($0)" } ?? "")")
        }
    }

    /// Debian's place, then Fedora's.
    private func onShutdown() -> Fact<String> {
        for path in ["/etc/default/libvirt-guests", "/etc/sysconfig/libvirt-guests"] {
            guard case .known(let text) = files.text(path) else { continue }
            let key = "ON_SHUTDOWN="
            guard let value = ConfigurationText.lines(text).compactMap({ $0.without(prefix: key) }).last else {
                return .absent
            }
            return .known(String(decoding: value.utf8.filter(\.isLetter), as: UTF8.self))
        }
        return .absent
    }

    private func mapped<Old, New>(_ fact: Fact<Old>, _ body: (Old) -> New?) -> Fact<New> {
        switch fact {
        case .known(let value): Fact(body(value))
        case .absent: .absent
        case .unknown(let reason): .unknown(reason)
        }
    }

    static func words(_ text: String) -> [String] { text.words.map(String.init) }

    private func processorFlags() -> Fact<Set<Name>> {
        mapped(files.text("/proc/cpuinfo")) { text in
            let line = text.lines.first { $0.hasPrefix(bytes: "flags") }
            return line?.cut(at: ":").map { Set($0.after.words.map { Name($0) }) }
        }
    }

    private func kvm() -> Fact<Bool> {
        switch files.kind("/dev/kvm") {
        case .known: .known(true)
        case .absent: .known(false)
        case .unknown(let reason): .unknown(reason)
        }
    }

    private func firmwareTables() -> Fact<Set<Name>> {
        mapped(files.names(in: "/sys/firmware/acpi/tables")) { Set($0.map { Name($0) }) }
    }

    /// x86 kernels name the chips of remapped interrupts `IR-…`.
    private func remapsInterrupts() -> Fact<Bool> {
        mapped(files.text("/proc/interrupts")) { text in
            if text.contains(bytes: " IR-") { return true }
            return text.contains(bytes: "IO-APIC") || text.contains(bytes: " PCI-MSI") ? false : nil
        }
    }

    private func nodes() -> Fact<[Int: Int]> {
        let folder = "/sys/devices/system/node"
        var nodes: [Int: Int] = [:]
        for name in files.names(in: folder).value ?? [] {
            guard let node = name.without(prefix: "node").flatMap({ Int(digits: $0) }),
                let line = files.text("\(folder)/\(name)/cpulist").value?.lines.first
            else { continue }
            for processor in IndexSet(String(line))?.indices ?? [] { nodes[processor] = node }
        }
        return nodes.isEmpty ? .absent : .known(nodes)
    }

    private func memory() -> Fact<Int> {
        mapped(files.text("/proc/meminfo")) { text in
            let value = text.lines.lazy.compactMap { $0.without(prefix: "MemTotal:") }.first
            return value?.words.first.flatMap { Int(digits: $0) }
        }
    }

    private static func lockLimit() -> Fact<Int> {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(__RLIMIT_MEMLOCK.rawValue), &limit) == 0 else {
            return .unknown("the kernel does not say")
        }
        return limit.rlim_cur == rlim_t.max ? .absent : .known(Int(clamping: limit.rlim_cur / 1024))
    }

    /// `/etc/libvirt/hooks/network`, and what stands in `network.d` (6.5.0), hidden or not: libvirt runs it all.
    func hooks() -> Fact<[Name: Bool]> {
        var hooks: [Name: Bool] = [:]
        for driver in HookFile.drivers {
            let path = "\(HookFile.folder)/\(driver)"
            let names = files.names(in: path + ".d", withHidden: true)
            if let reason = names.reason { return .unknown(reason) }
            for path in [path] + (names.value ?? []).map({ "\(path).d/\($0)" }) {
                switch files.kind(path) {
                case .known(.file(let isExecutable)): hooks[Name(path)] = isExecutable
                case .known(.other): hooks[Name(path)] = false
                case .known(.folder), .absent: break
                case .unknown(let reason): return .unknown(reason)
                }
            }
        }
        return hooks.isEmpty ? .absent : .known(hooks)
    }

    func unitCopies() -> Fact<[UnitCopy]> {
        var copies: [UnitCopy] = []
        for unit in BootUnit.allCases {
            let text = files.text(unit.file)
            if let reason = text.reason { return .unknown(reason) }
            guard let text = text.value else { continue }
            let packaged = unit.packagedFiles.first { files.kind($0) != .absent }
            let copy = UnitCopy(unit.file, unit.copy(text), before: packaged)
            if copy.isNotable { copies.append(copy) }
        }
        return copies.isEmpty ? .absent : .known(copies)
    }

    func weaknesses() -> Fact<[Weakness]> {
        do throws(Failure) {
            let found = try RootOnly(root: files.root).weaknesses(of: RunningAsRoot(files: files).paths)
            return found.isEmpty ? .absent : .known(found)
        } catch {
            return .unknown(error.cause ?? error.message)
        }
    }

    /// What a vfpool that was killed while it wrote a file left where it writes, and whether libvirt runs it.
    func leftovers() -> Fact<[Name: Bool]> {
        var found: [Name: Bool] = [:]
        for folder in HookFile.folders + BootUnit.folders {
            let names = files.names(in: folder, withHidden: true)
            if let reason = names.reason { return .unknown(reason) }
            for name in names.value ?? [] where name.hasSuffix(bytes: Staging.formerSuffix) {
                let path = "\(folder)/\(name)"
                let kind = files.kind(path)
                found[Name(path)] = HookFile.folders.contains(folder) && kind == .known(.file(isExecutable: true))
            }
        }
        return found.isEmpty ? .absent : .known(found)
    }
}
