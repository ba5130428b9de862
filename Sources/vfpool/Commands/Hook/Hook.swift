import ArgumentParser

struct Hook: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Let libvirt give VFs the settings that are wanted of them",
        discussion: """
            libvirt itself sets a VF's MAC and VLAN. The rest (`vfpool set`) is set by a hook: a small script that libvirt \
            runs when a guest gets a VF of a pool, and when it gives it back. It stands beside whatever hooks there are.

            Examples:
              $ vfpool hook install
              $ vfpool hook status
            """,
        subcommands: [HookInstall.self, HookRemove.self, HookStatus.self])
}
