import FoundationEssentials
import Glibc
import SRIOV
import TestSupport
import Testing
import Text

@testable import Journal
@testable import Model
@testable import Reading

/// What a host's files say, from files made up below another root.
@Suite struct HostFactsTests {
    private func facts(_ files: [String: String], sys: PretendSys? = nil) throws -> HostFacts {
        let tree = try FileTree(files)
        let sys = try sys ?? PretendSys([PretendPF("eth3", functions: [.onHost("eth3v0")])])
        let state = try PretendHost(sys).state()
        return HostFactsReader(files: SystemFiles(root: tree.root), sysfs: sys.sysfs)
            .facts(state, StateFolder(path: tree.root + "/state"))
    }

    @Test func nothingThere() throws {
        let facts = try facts([:])
        #expect(facts.processorFlags == .absent && facts.kvm == .known(false) && facts.firmwareTables == .absent)
        #expect(facts.commandLine == .absent && facts.remapsInterrupts == .absent && facts.memory == .absent)
        #expect(facts.nodes == .absent && facts.hooks == .absent && facts.journalProblem == .absent)
        #expect(facts.boot == .known(BootSetup()) && facts.managers == .known([:]))
    }

    @Test(arguments: [
        ("etc/default/libvirt-guests", "#ON_SHUTDOWN=suspend\nON_SHUTDOWN=\"shutdown\"\n", "shutdown"),
        ("etc/sysconfig/libvirt-guests", "ON_SHUTDOWN=suspend\n", "suspend"),
        ("etc/default/libvirt-guests", "#ON_SHUTDOWN=suspend\n", nil),
        ("etc/default/libvirt-guests", "# on\r\nON_SHUTDOWN=suspend\r\nSTART_DELAY=0\r\n", "suspend"),
    ]) func onShutdown(_ path: String, _ text: String, _ word: String?) throws {
        #expect(try facts([path: text]).onShutdown == Fact(word))
    }

    @Test func theMachine() throws {
        let facts = try facts([
            "proc/cpuinfo": "processor\t: 0\nflags\t\t: fpu svm nx\n", "proc/cmdline": "ro amd_iommu=off quiet\n",
            "dev/kvm": "", "sys/firmware/acpi/tables/IVRS": "",
            "proc/meminfo": "MemTotal:       16384 kB\nMemFree: 1 kB\n",
            "sys/devices/system/node/node1/cpulist": "2-3\n", "sys/devices/system/node/node0/cpulist": "0-1\n",
            "sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts": "Y\n",
        ])
        #expect(facts.processorFlags == .known(["fpu", "svm", "nx"]) && facts.kvm == .known(true))
        #expect(facts.commandLine == .known(["ro", "amd_iommu=off", "quiet"]))
        #expect(facts.firmwareTables == .known(["IVRS"]) && facts.memory == .known(16384))
        #expect(facts.nodes == .known([0: 0, 1: 0, 2: 1, 3: 1]) && facts.allowsUnsafeInterrupts == .known(true))
    }

    @Test(arguments: [
        ("  0:  9  IR-IO-APIC  2-edge  timer\n", Fact.known(true)),
        ("  0:  9  IO-APIC  2-edge  timer\n", .known(false)),
        (" 24:  9  PCI-MSI 81920-edge  eth3\n", .known(false)),
        (" 24:  9  IR-PCI-MSI-0000:03:00.0  1-edge\n", .known(true)),
        (" 11:  9  GICv3  27 Level  arch_timer\n", .absent),
    ])
    func interruptRemapping(_ line: String, _ fact: Fact<Bool>) throws {
        #expect(try facts(["proc/interrupts": "  CPU0\n" + line]).remapsInterrupts == fact)
    }

    @Test func hooks() throws {
        let tree = try FileTree([
            "etc/libvirt/hooks/qemu": "#!/bin/sh\n", "etc/libvirt/hooks/network.d/vfpool": "#!/bin/sh\n",
        ])
        try tree.makeExecutable("etc/libvirt/hooks/qemu")
        let reader = HostFactsReader(files: SystemFiles(root: tree.root), sysfs: try PretendSys().sysfs)
        let facts = reader.facts(try PretendHost([]).state(), StateFolder(path: "/nowhere"))
        #expect(
            facts.hooks == .known(["/etc/libvirt/hooks/qemu": true, "/etc/libvirt/hooks/network.d/vfpool": false]))
    }

    @Test func leftovers() throws {
        let hooks = "etc/libvirt/hooks/network.d"
        let tree = try FileTree([
            hooks + "/.hidden": "", hooks + "/vfpool.vfpool-new": "", hooks + "/.vfpool-new/vfpool": "",
            "etc/systemd/system/vfpool-reconcile.service.vfpool-new": "", "etc/vfpool/x.conf": "",
        ])
        try tree.makeExecutable(hooks + "/vfpool.vfpool-new")
        let reader = HostFactsReader(files: SystemFiles(root: tree.root), sysfs: try PretendSys().sysfs)
        #expect(
            reader.leftovers()
                == .known(
                    [
                        "/\(hooks)/vfpool.vfpool-new": true, "/\(hooks)/.vfpool-new": false,
                        "/etc/systemd/system/vfpool-reconcile.service.vfpool-new": false,
                    ].reduce(into: [:]) { $0[Name($1.key)] = $1.value }))
        // libvirt runs hidden ones, too.
        #expect(reader.hooks().value?[Name("/\(hooks)/.hidden")] == false)
    }

    @Test(.enabled(if: geteuid() == 0, "not root")) func whatOthersCanChange() throws {
        let ours = try HookFile.text(program: "/opt/vfpool")
        let unit = try BootUnit.reconcile.text(program: "/srv/vfpool")
        let tree = try FileTree([
            "etc/libvirt/hooks/qemu": "", "etc/libvirt/hooks/lxc.d/.other": "",
            "etc/libvirt/hooks/network.d/vfpool": ours,
            "etc/systemd/system/vfpool-reconcile.service": unit, "opt/vfpool": "", "srv/vfpool": "",
            "etc/vfpool/vfs-0000:03:00.0.conf": "", "usr/bin/vfpool": "",
        ])
        try tree.chmod(".", 0o755)
        let reader = HostFactsReader(files: SystemFiles(root: tree.root), sysfs: try PretendSys().sysfs)
        #expect(reader.weaknesses() == .absent)
        for path in [
            "etc/libvirt/hooks", "etc/libvirt/hooks/qemu", "etc/libvirt/hooks/lxc.d", "etc/libvirt/hooks/lxc.d/.other",
            "etc/libvirt/hooks/network.d", "opt", "opt/vfpool", "srv/vfpool", "etc/vfpool/vfs-0000:03:00.0.conf",
            "etc/systemd/system", "etc/systemd/system/vfpool-reconcile.service",
        ] {
            try tree.chmod(path, 0o777)
            #expect(
                reader.weaknesses() == .known([Weakness(path: "/" + path, reason: .everybody(mode: 0o777))]), "\(path)")
            try tree.chmod(path, 0o755)
        }
    }

    @Test(arguments: [
        ("run/NetworkManager/devices/7", "[device]\nmanaged=true\n", "NetworkManager"),
        ("run/NetworkManager/devices/7", "[device]\nmanaged=false\n", nil),
        ("run/systemd/netif/links/7", "ADMIN_STATE=configured\n", "systemd-networkd"),
        ("run/systemd/netif/links/7", "ADMIN_STATE=unmanaged\n", nil),
        ("etc/network/interfaces.d/vfs", "auto lo eth3v0\niface eth3v0 inet dhcp\n", "ifupdown"),
        ("etc/network/interfaces", "# auto eth3v0\niface eth3v0 inet manual\n", nil),
        ("run/NetworkManager/devices/7", "[device]\r\nmanaged=true\r\n", "NetworkManager"),
        ("run/systemd/netif/links/7", "# private\r\nADMIN_STATE=unmanaged\r\n", nil),
        ("etc/network/interfaces", "# the VF\r\nauto lo eth3v0\r\niface eth3v0 inet dhcp\r\n", "ifupdown"),
        ("etc/network/interfaces", "auto eth3v\u{FF10}\n", nil),
    ])
    func managers(_ path: String, _ text: String, _ manager: String?) throws {
        let facts = try facts([path: text, "sys/class/net/eth3v0/ifindex": "7\n"])
        #expect(facts.managers == .known(manager.map { ["eth3v0": $0] } ?? [:]))
    }

    @Test func aJournalThatOthersCanWrite() throws {
        let tree = try FileTree(["state/changes/x": ""])
        try tree.chmod("state", 0o777)
        let problem = StateFolder(path: tree.root + "/state").problem
        #expect(problem?.contains("others can write") ?? false)
    }
}
