import SRIOV
package import Text

/// What keeps libvirt's daemon from running a program, as far as that can be seen.
package enum Confinement {
    package struct Problem: Sendable, Equatable {
        @Bytewise package var cause: String
        package var hints: [Hint]

        package init(cause: String, hints: [Hint]) {
            self.cause = cause
            self.hints = hints
        }
    }
}
