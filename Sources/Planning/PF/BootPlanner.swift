package import Model
package import SRIOV

/// Plans that a PF's VFs are there at boot before libvirt starts: files alone, which systemd reads then.
package enum BootPlanner {
    /// What it has to know of the machine's files.
    package static func paths(_ pf: PCIAddress) -> [String] {
        [BootUnit.settingsPath(pf)]
            + BootUnit.allCases.flatMap { [$0.file, $0.wantedBy(pf)].compactMap(\.self) + $0.packagedFiles }
    }

    /// - Throws: `vfs-set-elsewhere` where another file of the host sets another count; `no-vfs-enabled`, `unsupported`,
    ///   `untrusted-path`.
    package static func plan(_ state: State, _ request: BootRequest, _ files: KnownFiles) throws(Failure) -> Plan {
        guard state.isLocal else {
            throw Failure(
                .unsupported, "what a host does at boot can't be changed through libvirt",
                hints: ["run vfpool on that host itself"])
        }
        if request.removes { return try removal(request, files) }
        if let failure = Weakness.failure(request.weaknesses, "systemd") { throw failure }
        let pf = request.pf
        let count = request.count ?? pf.enabledVFs
        try check(pf, count)
        let others = request.boot.setters(of: pf).filter { $0.means != .vfpool }
        var items: [Plan.Item] = []
        var notes: [Note] = []
        var warnings: [Diagnostic] = []
        if let other = others.first {
            for other in others { try checkSame(other, count, pf) }
            notes.append("\(other.title) sets the VF count of \(pf.title) at boot: that is left to it")
        } else {
            items += try counting(request, count, files, &notes)
            warnings = request.boot.possibleSetters(of: pf).map { possible($0, pf) }
        }
        for unit in [BootUnit.reconcile, .timer, .guests, .path, .reload] {
            items += try enabling(unit, request, files, &notes)
        }
        guard !items.isEmpty else { return Plan(warnings: warnings, notes: notes) }
        if !request.boot.unreadable.isEmpty {
            notes.append("it is not known what else sets the VF count at boot: \(Words.list(request.boot.unreadable))")
        }
        let reload: Hint =
            "systemd reads this at the next boot; to start looking after pools now: `systemctl daemon-reload && systemctl start \(shell: BootUnit.timer.rawValue) \(shell: BootUnit.path.rawValue) \(shell: BootUnit.reload.rawValue)`"
        notes.append(Note(reload.text))
        return Plan(items, warnings: warnings, notes: notes)
    }

    /// That something may set the count, too: each would undo what the other did.
    private static func possible(_ setter: CountSetter, _ pf: PhysicalFunction) -> Diagnostic {
        Diagnostic(
            .atBoot, "\(setter.title) may set the VF count of \(pf.title) at boot, too: \(setter.doubt ?? "")",
            hints: ["if it does, remove it from \(text: setter.path): set the VF count in one place only"])
    }

    /// Whether vfpool's unit sets the count of this PF at boot.
    package static func isSet(_ pf: PhysicalFunction, _ boot: BootSetup) -> Bool {
        boot.setters(of: pf).contains { $0.means == .vfpool }
    }

    private static func check(_ pf: PhysicalFunction, _ count: Int) throws(Failure) {
        try CardLimits.checkFirmware(pf)
        guard count > 0 else {
            throw Failure(
                .noVFsEnabled, "\(pf.title) has no VFs now, so their number has to be given",
                hints: ["give it: `vfpool boot \(shell: pf.title) --vfs-count NUMBER`"])
        }
        if let possible = pf.possibleVFs, count > possible {
            throw Failure(.tooManyVFs, "\(pf.title) can have no more than \(Words.count(possible, "VF"))")
        }
    }

    /// Two masters would each undo what the other did.
    private static func checkSame(_ other: CountSetter, _ count: Int, _ pf: PhysicalFunction) throws(Failure) {
        guard other.count == count else {
            let what = other.count.map { Words.count($0, "VF") } ?? "a number of VFs that can't be read out of it"
            throw Failure(
                .setElsewhere, "\(other.title) gives \(pf.title) \(what) at boot, not \(count)",
                cause: "two settings of one count undo each other",
                hints: [
                    "change it there, in \(text: other.path), and run this again",
                    "or remove it there: set the VF count in one place only",
                ])
        }
    }

    // MARK: Files

    private static func counting(
        _ request: BootRequest, _ count: Int, _ files: KnownFiles, _ notes: inout [Note]
    ) throws(Failure) -> [Plan.Item] {
        let pf = request.pf
        let path = BootUnit.settingsPath(pf.address)
        let former = try files.content(path).flatMap { BootUnit.settings($0.text) }
        let drivers = request.hostDrivers ?? former?.hostDrivers ?? pf.probesDrivers ?? true
        // Only the comment would be another one.
        let isSame = former.map { $0 == (count, drivers) } ?? false
        var items: [Plan.Item] = []
        if !isSame,
            let change = try files.change(
                path, to: BootUnit.settingsText(pf, count: count, hostDrivers: drivers))
        {
            items.append(Plan.Item(.writeFile(change), detail: "\(Words.count(count, "VF")) of \(pf.title)"))
        }
        return items + (try enabling(.functions, request, files, &notes))
    }

    /// The unit that a package ships, or a copy, and what has systemd start it. A copy that was changed by hand stays.
    private static func enabling(
        _ unit: BootUnit, _ request: BootRequest, _ files: KnownFiles, _ notes: inout [Note]
    ) throws(Failure) -> [Plan.Item] {
        var target = unit.file
        var changes: [FileChange?] = []
        if let text = try files.content(unit.file)?.text, unit.copy(text) == .changed {
            notes.append(
                Note(
                    "\(unit.file) is not as vfpool writes it: it stays as it is; for vfpool's own, remove it and run this again"
                ))
        } else if let packaged = try unit.packagedFile(running: request.program, files) {
            target = packaged
            changes.append(try files.change(unit.file, to: nil))
        } else {
            changes.append(try files.change(unit.file, to: unit.text(program: request.program)))
        }
        if let link = unit.wantedBy(request.pf.address),
            !BootUnit.leads(try files.link(link)?.text, to: target)
        {
            changes.append(try files.linkChange(link, to: target))
        }
        return changes.compactMap { change in change.map { Plan.Item(.writeFile($0)) } }
    }

    /// The PF's own files; with the last PF, the unit too.
    private static func removal(_ request: BootRequest, _ files: KnownFiles) throws(Failure) -> Plan {
        let address = request.pf.address
        var settings = try files.change(BootUnit.settingsPath(address), to: nil)
        // vfpool's own folder, unless something else is in it.
        settings?.makesFolder = true
        func disabling(_ unit: BootUnit) throws(Failure) -> FileChange? {
            guard let link = unit.wantedBy(address) else { return nil }
            return try files.linkChange(link, to: nil)
        }
        var changes = [try disabling(.functions), settings]
        let others = request.boot.setters.contains { $0.means == .vfpool && $0.pf != request.pf.address }
        if !others {
            for unit in BootUnit.allCases {
                if unit != .functions { changes.append(try disabling(unit)) }
                changes.append(try files.change(unit.file, to: nil))
            }
        }
        var plan = Plan(changes.compactMap { change in change.map { Plan.Item(.writeFile($0)) } })
        guard !plan.isEmpty, !request.boot.setters(of: request.pf).contains(where: { $0.means != .vfpool }) else {
            return plan
        }
        plan.warnings.append(
            Diagnostic(.atBoot, "nothing will set the VF count of \(request.pf.title) at the next boot"))
        return plan
    }
}
