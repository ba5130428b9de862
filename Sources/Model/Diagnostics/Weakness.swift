package import Text

/// A file or folder that others than root can change, on the way to something that runs as root.
package struct Weakness: Sendable, Equatable {
    package enum Reason: Sendable, Equatable {
        /// It is another user's.
        case owner(UInt32)
        case everybody(mode: UInt32)
        case group(UInt32, mode: UInt32)
        case accessList
    }

    @Bytewise package var path: String
    package var reason: Reason

    package init(path: String, reason: Reason) {
        self.path = path
        self.reason = reason
    }

    package var words: String {
        switch reason {
        case .owner(let user): "its owner is user \(user)"
        case .everybody(let mode): "everybody can write to it (mode \(Self.octal(mode)))"
        case .group(let group, let mode): "group \(group) can write to it (mode \(Self.octal(mode)))"
        case .accessList: "its access control list lets others than root write to it"
        }
    }

    private static func octal(_ mode: UInt32) -> String { "0" + String(mode, radix: 8) }

    package var hint: Hint {
        switch reason {
        case .owner: "look at what is there, then `chown root: \(shell: path)`"
        case .everybody: "look at what is there, then `chmod o-w \(shell: path)`"
        case .group: "look at what is there, then `chmod g-w \(shell: path)`"
        case .accessList: "look at what is there, then `setfacl -b \(shell: path)`"
        }
    }

    /// Why nothing is to be installed that makes root run what is behind these; nil where there are none.
    package static func failure(_ weaknesses: [Weakness], _ runner: String) -> Failure? {
        guard let first = weaknesses.first else { return nil }
        return Failure(
            .untrustedPath,
            "others than root can change \(first.path), and \(runner) would run as root what they put there",
            cause: first.words,
            hints: weaknesses.map(\.hint) + ["or install vfpool where only root can write: `make install PREFIX=/usr`"])
    }
}
