import ArgumentParser
import Glibc
import VFPoolCore

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

    /// This vfpool, for the hook to run.
    static var program: String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
        return String(decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
