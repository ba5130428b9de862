import Glibc
package import Libvirt

/// What went wrong, in words for people and a code for programs: the only error the core throws.
///
/// The message is one sentence without a full stop; hints say what to do next, with commands in backticks.
package struct Failure: Error, Sendable, Equatable {
    package typealias Code = Diagnostic.Code

    package private(set) var diagnostic: Diagnostic
    package var outcome = Outcome.nothing

    package init(_ code: Code, _ message: String, cause: String? = nil, hints: [Hint] = []) {
        diagnostic = Diagnostic(code, .fail, message, cause: cause, hints: hints)
    }

    package var code: Code { diagnostic.code }
    package var message: String { diagnostic.message }

    package var cause: String? {
        get { diagnostic.cause }
        set { diagnostic.cause = newValue }
    }

    package var hints: [Hint] {
        get { diagnostic.hints }
        set { diagnostic.hints = newValue }
    }

    /// A libvirt call failed while doing what `message` says; the code tells a lost connection and a refusal apart.
    package init(_ message: String, _ error: LibvirtError, hints: [Hint] = []) {
        self.init(
            Self.code(of: error), message, cause: "\(error.message) (\(error.symbol))",
            hints: hints.isEmpty ? Self.hints(for: error) : hints)
    }

    private static func code(of error: LibvirtError) -> Code {
        // The daemon's socket is there, but not for everybody.
        if error.code == .systemError, error.systemNumber == EACCES || error.systemNumber == EPERM {
            return .accessDenied
        }
        if error.code == .noAnswer { return .timeout }
        if error.isOfDaemonBehind { return .noConnection }
        if error.connectionLost { return .connectionLost }
        switch error.code {
        case .noConnect, .libraryMissing: return .noConnection
        case .accessDenied, .operationDenied, .authFailed, .authCancelled, .authUnavailable: return .accessDenied
        default: return error.isUnsupported ? .unsupported : .libvirt
        }
    }

    private static func hints(for error: LibvirtError) -> [Hint] {
        switch code(of: error) {
        case .noConnection where error.isOfDaemonBehind:
            [
                "the libvirt daemon that does this is not running, and the cause names its socket: start that, for networks `systemctl start virtnetworkd.socket`"
            ]
        case .connectionLost: ["the daemon went away; `vfpool log` tells what was done"]
        case .timeout:
            ["is libvirt's daemon there frozen or very busy, or the link to it down? `--timeout SECONDS` waits longer"]
        case .accessDenied: ["run it as root, or as a member of the group libvirt"]
        case .unsupported: ["vfpool needs libvirt 5.5 or later on the host"]
        default: []
        }
    }
}

extension Failure {
    /// Whether libvirt can't be asked any more, so that what was asked of it last is not known.
    package var isDisconnection: Bool { [.connectionLost, .noConnection, .timeout].contains(code) }

    /// How the process ends for this failure; the table is in `vfpool help exit-status`.
    package var exitStatus: Int32 {
        if outcome.isOpen { return 3 }
        return switch code {
        case .notRestored: 3
        case .notConfirmed: 4
        case .usage: 64
        case .interrupted: 130
        default: outcome.keepsParts ? 5 : 1
        }
    }
}
