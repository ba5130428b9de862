import TestSupport
import Testing

@testable import Journal
@testable import Model
@testable import Planning
@testable import Reading

/// What SELinux's policy says of hooks. There is no SELinux where this runs: the kernel's answers are made up, in its form.
@Suite struct SELinuxTests {
    private static func tree(enforce: String = "1", boolean: String? = "0 0") throws -> FileTree {
        var files = [
            "sys/fs/selinux/enforce": enforce, "sys/fs/selinux/class/file/index": "7",
            "sys/fs/selinux/class/file/perms/execute": "14\n",
            "proc/12/comm": "virtqemud\n", "proc/12/attr/current": "system_u:system_r:virtqemud_t:s0\0",
            "proc/11/comm": "virtnetworkd\n", "proc/11/attr/current": "system_u:system_r:virtnetworkd_t:s0\0",
            "proc/10/comm": "bash\n", "proc/10/attr/current": "unconfined\0",
        ]
        if let boolean { files["sys/fs/selinux/booleans/virt_hooks_unconfined"] = boolean }
        return try FileTree(files)
    }

    private func problem(
        _ tree: FileTree, label: String? = "system_u:object_r:virt_hook_t:s0\0", _ answer: (String) -> String?
    ) -> Confinement.Problem? {
        withoutActuallyEscaping(answer) { answer in
            var policy = SELinux(SystemFiles(root: tree.root))
            policy.label = { $0.hasSuffix("/hooks") ? label : nil }
            policy.ask = answer
            return policy.problem()
        }
    }

    private static let yes = "3fffff ffffffff 0 ffffffff 5 0"
    private static let no = "1fff ffffffff 0 ffffffff 5 0"

    @Test func `every daemon is asked about`() throws {
        var asked: [String] = []
        let found = problem(try Self.tree()) { question in
            asked.append(question)
            return Self.yes
        }
        #expect(found == nil)
        #expect(
            asked == [
                "system_u:system_r:virtnetworkd_t:s0 system_u:object_r:virt_hook_t:s0 7 2000",
                "system_u:system_r:virtqemud_t:s0 system_u:object_r:virt_hook_t:s0 7 2000",
            ])
    }

    /// As Fedora's policy was seen to be: the boolean is for virtnetworkd alone.
    @Test func `a policy that knows virtnetworkd alone`() throws {
        let found = problem(try Self.tree(boolean: "1 1")) { $0.contains("virtqemud") ? Self.no : Self.yes }
        #expect(found?.cause.contains("does not let virtqemud (system_u:system_r:virtqemud_t:s0) run hooks") == true)
        #expect(found?.hints.map(\.text).contains { $0.contains("audit2allow") } == true)
        #expect(found?.hints.contains { $0.text.contains("setsebool") } == false)
    }

    @Test func `the boolean is off, and the folder has another label`() throws {
        let found = problem(try Self.tree(), label: "system_u:object_r:etc_t:s0") { _ in Self.no }
        #expect(found?.hints.first?.text.contains("`setsebool -P virt_hooks_unconfined on`") == true)
        #expect(found?.hints.contains { $0.text.contains("`restorecon -R /etc/libvirt/hooks`") } == true)
    }

    @Test func `nothing is in the way`() throws {
        #expect(problem(try Self.tree(enforce: "0")) { _ in Self.no } == nil)
        #expect(problem(try Self.tree()) { _ in "0 ffffffff 0 ffffffff 5 1" } == nil, "a permissive domain")
        #expect(problem(try FileTree([:])) { _ in nil } == nil, "no SELinux")
    }

    /// What can't be told is no permission.
    @Test func `no answer`() throws {
        #expect(problem(try Self.tree()) { _ in nil }?.cause.contains("gives no answer") == true)
        #expect(problem(try Self.tree(), label: nil) { _ in Self.yes }?.cause.contains("it is not known") == true)
        let idle = try FileTree(["sys/fs/selinux/enforce": "1"])
        #expect(problem(idle) { _ in Self.yes }?.cause.contains("it is not known") == true)
    }

    @Test func `the hook is not installed`() throws {
        let state = try PretendHost.pooled().state()
        let problem = Confinement.Problem(cause: "SELinux does not", hints: ["`setsebool -P virt_hooks_unconfined on`"])
        refused(.unsupported, hint: "setsebool") {
            try HookPlan.install(state, LocalFiles(), program: "/usr/bin/vfpool", confinement: problem)
        }
    }
}
