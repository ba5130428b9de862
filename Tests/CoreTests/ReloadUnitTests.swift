import FoundationEssentials
import TestSupport
import Testing

@testable import Model

/// vfpool's units under a real systemd: what follows a reload of libvirt's daemon, and what of a folder's changes is a guest's.
/// One after the other, as all have the machine's one tree of control groups.
@Suite(.serialized, .enabled(if: OnSystemd.missing == nil, "no systemd: \(OnSystemd.missing ?? "")"))
struct ReloadUnitTests {
    /// Stands for one of libvirt's daemons: it says when it starts and when it is told to reload.
    private static func daemon(_ name: String) -> String {
        """
        [Unit]
        DefaultDependencies=no
        [Service]
        ExecStart=/bin/sh -c 'trap "echo \(name) reloads >> /run/log" HUP; echo \(name) starts >> /run/log; while :; do sleep 0.1; done'
        ExecReload=/bin/kill -HUP $MAINPID
        """
    }

    /// vfpool's units, with a vfpool that only says that it runs.
    private func run(program: String = "/bin/true", _ script: String) throws -> String {
        let folder = try TemporaryFolder()
        for unit in [BootUnit.reconcile, .guests, .path, .reload] {
            let text = try unit.text(program: program).split(separator: "\n", omittingEmptySubsequences: false)
            let lines = text.map { line in
                line.hasPrefix("ExecStart=\(program) ")
                    ? "ExecStart=/bin/sh -c 'echo reconcile >> /run/log'"
                    : line == "[Unit]" ? "[Unit]\nDefaultDependencies=no" : String(line)
            }
            try PretendFiles.write(lines.joined(separator: "\n"), "\(folder.path)/\(unit.rawValue)")
        }
        for name in ["libvirtd", "virtnetworkd"] {
            try PretendFiles.write(Self.daemon(name) + "\n", "\(folder.path)/\(name).service")
        }
        let result = try OnSystemd.run(units: folder.path, script)
        #expect(result.status == 0, "\(result)")
        return result.stdout
    }

    @Test(arguments: ["libvirtd", "virtnetworkd"]) func `a reload is followed by a restart of the daemon that runs`(
        _ daemon: String
    ) throws {
        let log = try run(
            """
            touch /run/log
            systemctl start \(daemon) vfpool-reload
            until grep -q starts /run/log; do sleep 0.1; done
            systemctl reload \(daemon)
            until grep -q reconcile /run/log; do sleep 0.1; done
            cat /run/log
            """)
        #expect(log == "\(daemon) starts\n\(daemon) reloads\n\(daemon) starts\nreconcile\n")
    }

    /// A copy may outlive the vfpool that wrote it.
    @Test func `without vfpool nothing runs, and nothing has failed`() throws {
        let log = try run(
            program: "/opt/removed/vfpool",
            """
            touch /run/log
            systemctl start vfpool-reconcile
            systemctl show -P Result -P ConditionResult vfpool-reconcile
            cat /run/log
            """)
        #expect(log == "success\nno\n" || log == "no\nsuccess\n")
    }

    /// What an idle virtqemud takes away is no guest's.
    @Test func `only guests that start or stop make pools be looked at`() throws {
        let log = try run(
            """
            qemu=/run/libvirt/qemu
            mkdir -p $qemu
            say() { echo "$1: $(grep -c reconcile /run/log)"; }
            invocation() { systemctl show -P InvocationID vfpool-guests; }
            waits() { [ "$(systemctl show -P SubState vfpool-reconcile.path)" = waiting ]; }
            after() {
                before=$(invocation)
                sh -c "$1"
                until [ "$(invocation)" != "$before" ] && waits; do sleep 0.1; done
            }
            touch /run/log
            systemctl start vfpool-reconcile.path
            after "touch $qemu/driver.pid"; after "rm $qemu/driver.pid"; say idle
            after "echo 1 > $qemu/vm1.xml"; say started
            after "touch $qemu/driver.pid"; after "rm $qemu/driver.pid"; say idle
            after "echo 2 > $qemu/vm1.xml.new; mv $qemu/vm1.xml.new $qemu/vm1.xml"; say changed
            after "rm $qemu/vm1.xml"; say stopped
            after "touch $qemu/driver.pid"; say idle
            """)
        #expect(log == "idle: 0\nstarted: 1\nidle: 1\nchanged: 2\nstopped: 3\nidle: 3\n")
    }
}
