import ArgumentParser

struct Hook: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Manage the libvirt hook that applies VF settings",
        discussion: """
            libvirt itself sets a VF's MAC and VLAN. The rest (`vfpool set`) is applied by a hook: a small script that \
            libvirt runs when a guest gets a VF of a pool, and when it releases the VF. Other hooks are left as they \
            are.

            Examples:
              $ vfpool hook install
              $ vfpool hook status
            """,
        subcommands: [HookInstall.self, HookRemove.self, HookStatus.self])
}
