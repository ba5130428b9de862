import Text

/// Whether vfpool's hook is where libvirt looks for it, as `hook status` shows it.
package struct HookReport: Sendable {
    package enum FileState: String, Sendable {
        case installed, missing
        /// It can't be run.
        case notExecutable = "not-executable"
        /// It runs another vfpool, or is of another version.
        case differs
        /// Somebody else's file of that name.
        case foreign
        /// It can't be read by this user.
        case unknown
    }

    package struct File: Sendable {
        package var path: String
        package var state: FileState
    }

    package var files: [File]
    /// Other hooks that libvirt runs for networks and guests.
    package var others: [String]
    /// When libvirt last ran the hook, since the host started; nil: not yet, or it can't be seen.
    package var lastRun: String?

    /// What the files say by themselves.
    ///
    /// - Parameters:
    ///   - program: this vfpool's path, which the hook should run.
    ///   - others: other hooks that libvirt runs.
    package init(_ files: any FileReading, program: String, others: [String] = [], lastRun: String? = nil) {
        self.files = HookFile.allCases.map { File(path: $0.path, state: Self.state($0, files, program)) }
        self.others = others
        self.lastRun = lastRun
    }

    /// Whether settings will be seen to; nil where that can't be told.
    package var isInstalled: Bool? {
        let states = files.map(\.state)
        if states.contains(.unknown) { return nil }
        return states.allSatisfy { $0 == .installed || $0 == .differs }
    }

    private static func state(_ file: HookFile, _ files: any FileReading, _ program: String) -> FileState {
        let content: FileContent?
        do throws(Failure) {
            content = try files.content(file.path)
        } catch {
            return error.code == .accessDenied || error.code == .unreadable ? .unknown : .foreign
        }
        guard let content else { return .missing }
        guard HookFile.isOurs(content.text) else { return .foreign }
        guard content.mode & 0o111 != 0 else { return .notExecutable }
        return (try? HookFile.text(program: program)).isSame(as: content.text) ? .installed : .differs
    }
}
