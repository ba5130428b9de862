import TestSupport
import Testing

/// Whole command lines, from arguments to stdout, stderr and exit status.
@Suite struct GoldenTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        /// Each line's changes last for the next.
        var lines: [String]

        var testDescription: String { name }
    }

    static let cases = [
        Case(name: "list", lines: ["list", "ls --quiet", "list --format json"]),
        Case(
            name: "status",
            lines: [
                "status", "status vfpool-eth5", "status eth3", "status 0000:03:10.4", "status a0:36:9f:04:00:00",
                "status vm1", "status vm8", "status --quiet", "status vm8 --quiet", "status nix",
            ]),
        Case(name: "status-json", lines: ["status vfpool-eth5 --format json", "status vm1 --format json"]),
        Case(
            name: "create",
            lines: [
                "create eth3 --dry-run", "create eth3", "create eth3 --no-autostart",
                "create eth3 --dry-run --exit-code",
                "create eth3 --vlan 9", "status vfpool-eth3", "log",
            ]),
        Case(
            name: "create-options",
            lines: [
                "create eth3 --name storage --vlan 42 --portgroup dmz:vlan=50 --portgroup lan:default --vfs 4-7 --exclude 5 --no-autostart --no-start",
                "create 0000:03:00.0 --vfs 0-3 --quiet", "create eth3 --print-xml --vfs 5 --name five",
            ]),
        Case(
            name: "create-refused",
            lines: [
                "create eth9", "create eth0", "create 0000:03:10.2", "create eth4", "create eth5 --name other",
                "create eth3 --name default", "create eth4 --name handmade", "create eth3 --vlan 4095",
                "create eth3 --vlan 10,20", "create eth3 --portgroup a:vlan=1-2",
                "create eth3 --portgroup a:default --portgroup b:default", "create eth3 --vfs 9",
                "create eth3 --template /nowhere.xml", "create eth5 --vfs 0 --name zero",
                "create eth5 --format json --name x",
            ]),
        Case(
            name: "bind",
            lines: [
                "bind vm5", "bind vm2 --pool vfpool-eth5 --dry-run", "bind vm2 --pool vfpool-eth5", "status vm2",
                "bind vm2", "bind vm6 --pool vfpool-eth5", "bind vm6 --pool vfpool-eth5 --new-mac",
                "bind vm3 --pool vfpool-eth5 --verbose --quiet", "unbind vm2", "unbind vm6 --to-bridge br0",
                "log --quiet",
            ]),
        Case(
            name: "migrate",
            lines: [
                "migrate --all", "migrate vm1 --dry-run", "migrate vm1 --create-pools --dry-run",
                "create eth3 --no-start --quiet", "migrate --all", "migrate vm8", "migrate vm9 --format json",
                "migrate vm1 --dry-run --format json", "migrate --all --yes --format json", "status vfpool-eth3",
                "migrate --all --yes", "undo --dry-run",
            ]),
        Case(
            name: "bind-refused",
            lines: [
                "bind vm9", "bind vm1", "bind vm4", "bind vm8 --pool vfpool-eth5 --interface 1",
                "bind vm8 --pool vfpool-eth5 --interface 1 --drop filterref --dry-run", "bind vm4 --interface nix",
                "bind vm2 --live --pool vfpool-eth5", "bind vm4 --pool nix", "bind vm4 --add --pool vfpool-eth5",
                "bind vm2 --pool vfpool-eth5 --portgroup nix",
            ]),
        Case(
            name: "delete",
            lines: ["delete vfpool-eth5", "rm handmade", "delete default", "delete nix --format json"]),
        Case(
            name: "undo",
            lines: [
                "undo", "bind vm2 vm3 --pool vfpool-eth5 --quiet", "undo", "undo --yes", "undo --yes", "undo nix",
                "log nix", "log",
            ]),
        Case(
            name: "doctor",
            lines: [
                "doctor", "doctor vm7 --problems", "doctor eth3 --quiet", "doctor eth0", "doctor nix",
                "doctor vfpool-eth5 --problems --format json",
            ]),
        Case(
            name: "resize",
            lines: [
                "resize eth3 16", "resize eth9 4", "create eth3 --vfs-count 8 --name x", "create eth3 --no-host-driver",
                "boot eth3",
                "resize eth3 x",
            ]),
        Case(
            name: "set",
            lines: [
                "bind vm2 --pool vfpool-eth5 --trust on --quiet", "set vm2 --max-rate 1000 --trust default",
                "set vm2 --trust default",
                "set vm2 --vlan-qos 3 --format json", "set vm2 --print-xml --max-rate default", "undo",
                "set vm1 --spoof-check off",
                "set vfpool-eth5 --trust on", "set vfpool-eth5:nix --trust on", "set handmade --trust on",
                "set nix --trust on", "set vm1", "set vm1 --trust yes", "set vm2 --min-rate 2000 --max-rate 1000",
                "create eth3 --trust off --dry-run",
            ]),
        Case(
            name: "spec",
            lines: [
                "export", "export vm1 vfpool-eth5 --full", "export --format json", "export --quiet", "export nix",
                "diff", "diff -f /nowhere.yaml", "apply -f /nowhere --partial --format json",
            ]),
        Case(
            name: "picture",
            lines: [
                "picture", "picture eth3", "picture vfpool-eth5", "picture vm8 --color always", "picture nix",
                "picture --format svg vfpool-eth5", "picture --format png",
            ]),
        Case(name: "reconcile", lines: ["reconcile", "reconcile --format json"]),
        Case(
            name: "usage",
            lines: [
                "create", "create eth3 --vlan x", "create eth3 --vfs 7-4", "create eth3 --portgroup a:b",
                "bind vm1 --exit-code", "bind vm1 --mac zz", "bind vm1 vm2 --mac 52:54:00:00:00:01",
                "bind vm1 --drop mtu", "unbind vm1 --to-vf x --to-bridge y", "statos", "status a b",
                "list --format json --nix", "--nix",
            ]),
        Case(name: "colour", lines: ["bind vm2 --pool vfpool-eth5 --dry-run --color always", "list --color always"]),
        Case(
            name: "help",
            lines: [
                "--version", "--help", "help create", "help set", "help hook", "help hook install",
                "help hook remove", "help hook status", "help delete", "help list", "help status", "help bind",
                "help unbind", "help migrate", "help check-migration", "help doctor", "help resize", "help boot",
                "help reconcile", "help metrics", "help picture", "help top", "help watch", "help bugreport",
                "help log",
                "help undo", "help completion", "help export", "help diff", "help apply",
                "help rewrite",
                "help exit-status",
                "help environment", "help json", "help spec",
            ]),
    ]

    @Test(arguments: cases) func prints(_ example: Case) throws {
        let host = try CLIHost()
        var text = ""
        for line in example.lines {
            let arguments = line.split(separator: " ").map(String.init)
            text += Golden.text(arguments, try host.run(arguments)) + "\n"
            try? host.keep()
        }
        try Golden.check(example.name, host.normalized(text))
    }
}
