package import Model
import Text

/// Plans to put vfpool's hook where libvirt finds it, beside whatever hooks are there, or to take it away.
package enum HookPlan {
    /// - Parameters:
    ///   - program: the vfpool that the hook shall run.
    ///   - others: hooks of others that libvirt runs as well.
    ///   - confinement: why libvirt's daemon may not run it; see `Confinement`.
    ///   - weaknesses: what others than root can change of what the hook runs.
    /// - Throws: `unsupported`, `name-taken`, `access-denied`, `untrusted-path`.
    package static func install(
        _ state: State, _ files: KnownFiles, program: String, others: [String] = [],
        confinement: Confinement.Problem? = nil, weaknesses: [Weakness] = []
    ) throws(Failure) -> Plan {
        try checkHost(state)
        if let failure = Weakness.failure(weaknesses, "libvirt's daemon") { throw failure }
        if let confinement {
            throw Failure(
                .unsupported, "libvirt's daemon may not run \(program)", cause: confinement.cause,
                hints: confinement.hints)
        }
        if let version = state.libvirtVersion, VersionGate.hookFolders.isLacking(version) {
            throw Failure(
                .unsupported,
                "libvirt \(version) knows no folder of hooks, only one file, which may be another program's",
                hints: ["vfpool's hook needs libvirt \(VersionGate.hookFolders.since) or later"])
        }
        let text = try HookFile.text(program: program)
        let before = HookReport(files, program: program, others: others)
        var items: [Plan.Item] = []
        for file in HookFile.allCases {
            try checkOurs(file, files)
            guard let change = try files.change(file.path, to: text, mode: HookFile.mode) else { continue }
            items.append(Plan.Item(.writeFile(change), detail: detail(file)))
        }
        guard !items.isEmpty else { return Plan() }
        var plan = Plan(items)
        if !before.others.isEmpty {
            plan.notes.append("other hooks stay, and are run as well: \(Words.list(before.others))")
        }
        if before.files.contains(where: { $0.state == .missing || $0.state == .notExecutable }) {
            plan.warnings.append(
                Diagnostic(
                    .reloadNeeded,
                    "libvirt looks for hooks when it starts: if it had none of this kind, it does not run this one yet",
                    hints: [
                        "restart it, guests keep running: `systemctl restart libvirtd`, with modular daemons `virtnetworkd` and `virtqemud`",
                        "never reload libvirtd or virtnetworkd (SIGHUP) while a pool runs: libvirt then forgets which of its VFs are taken",
                        "see whether it ran: `vfpool hook status`, after a guest's start",
                    ]))
        }
        return plan
    }

    package static func remove(_ state: State, _ files: KnownFiles) throws(Failure) -> Plan {
        try checkHost(state)
        var items: [Plan.Item] = []
        for file in HookFile.allCases {
            guard try files.content(file.path) != nil else { continue }
            try checkOurs(file, files)
            if let change = try files.change(file.path, to: nil) { items.append(Plan.Item(.writeFile(change))) }
        }
        var plan = Plan(items)
        let users = state.hookUsers
        if !items.isEmpty, !users.isEmpty {
            plan.warnings.append(
                Diagnostic(.noHook, "from then on nothing applies the VF settings of \(Words.list(users))"))
        }
        return plan
    }

    private static func detail(_ file: HookFile) -> String {
        switch file {
        case .network: "run when a guest gets a VF of a pool, and when it releases the VF"
        case .qemu: "run when a guest starts: for VLAN priority and protocol"
        }
    }

    private static func checkHost(_ state: State) throws(Failure) {
        guard state.isLocal else {
            throw Failure(
                .unsupported, "the hook is a file of the host, and \(state.uri) is not this machine's",
                hints: ["run it there"])
        }
    }

    private static func checkOurs(_ file: HookFile, _ files: KnownFiles) throws(Failure) {
        guard let content = try files.content(file.path), !HookFile.isOurs(content.text) else { return }
        throw Failure(
            .nameTaken, "\(file.path) is there, and vfpool did not make it",
            hints: ["look at it, and move it: libvirt runs every file of that folder, whatever its name"])
    }
}
