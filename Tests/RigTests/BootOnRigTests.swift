import TestSupport
import Testing

/// The files for boot on a pretend host, and what systemd would run of them.
@Suite(.enabled(if: Rig.missing == nil, "no rig here")) struct BootOnRigTests {
    private static let unit = "/etc/systemd/system/multi-user.target.wants/vfpool-vfs@0000:03:00.0.service"

    /// Runs the unit's commands one after the other, as systemd does at boot. There is no udev on the rig.
    private func boot(_ rig: Rig) throws -> CommandResult {
        let lines = try rig.run("cat", Self.unit).stdout.split(separator: "\n")
        let commands = lines.filter { $0.hasPrefix("ExecStart=/bin/sh -c '") }.map { line in
            line.dropFirst("ExecStart=".count).replacing("%i", with: "0000:03:00.0").replacing("$$", with: "$")
        }
        #expect(commands.count == 4)
        return try rig.sh(
            "set -e; set -a; . /etc/vfpool/vfs-0000:03:00.0.conf; set +a\n" + commands.joined(separator: "\n"))
    }

    private func count(_ rig: Rig) throws -> String {
        String(try rig.sh("cat /sys/bus/pci/devices/0000:03:00.0/sriov_numvfs").stdout.prefix { $0.isNumber })
    }

    @Test func `after a boot, and under another name, the PF is up and has its VFs`() throws {
        try Rig.with([.pf("eth3", vfs: 0), .guest("vm1", .network("vfpool-eth3", mac: OnRig.mac(1)))]) { rig throws in
            let made = try rig.vfpool("create", "eth3", "--vfs-count", "4", "--persist")
            #expect(made.status == 0, "\(made)")
            #expect(try rig.vfpool("doctor", "eth3", "--problems").stdout.contains("vfs-") == false)
            try rig.rename("eth3", to: "eth9")
            try rig.reboot(vfs: .none)
            try rig.setLink("eth9", up: false)
            let booted = try boot(rig)
            #expect(try booted.status == 0 && count(rig) == "4", "\(booted)")
            #expect(try rig.sh("cat /sys/class/net/eth9/flags").stdout.hasPrefix("0x1003"))
            // libvirt was too early here: what came late is mended.
            #expect(try rig.vfpool("reconcile").status == 0)
            #expect(try rig.virsh("start", "vm1").status == 0)
            #expect(try boot(rig).status == 0, "once more changes nothing")
            #expect(try rig.problems() == [])
        }
    }

    @Test func `VFs that are there already, in another number, are left as they are`() throws {
        try Rig.with(.pf("eth3", vfs: 4)) { rig throws in
            #expect(try rig.vfpool("boot", "eth3", "--vfs-count", "6").status == 0)
            let booted = try boot(rig)
            #expect(booted.status != 0 && booted.stderr.contains("has 4 VFs already"), "\(booted)")
            #expect(try count(rig) == "4")
            let differs = try rig.vfpool("doctor", "eth3").stdout
            #expect(differs.contains("WARN  vfs-persist") && differs.contains("will have 6"))
        }
    }

    @Test func `a new count follows at boot, and undo takes every file back`() throws {
        try Rig.with(.pf("eth3", vfs: 4)) { rig throws in
            let before = try rig.sh("find /etc/systemd /etc/vfpool 2>/dev/null | sort").stdout
            #expect(try rig.vfpool("boot", "eth3").status == 0)
            #expect(try rig.vfpool("resize", "eth3", "6").stdout.contains("rewrite: 6 VFs of eth3"))
            #expect(try rig.vfpool("undo").status == 0)
            #expect(try count(rig) == "4" && rig.vfpool("boot", "eth3").stdout.contains("Nothing to do"))
            #expect(try rig.vfpool("undo").status == 0)
            #expect(try rig.sh("find /etc/systemd /etc/vfpool 2>/dev/null | sort").stdout == before)
        }
    }

    @Test func `units that a package ships take the place of copies, and undo brings them back`() throws {
        try Rig.with(.pf("eth3", vfs: 4)) { rig throws in
            let state = "find /etc/systemd/system -name 'vfpool*' -exec ls -l --time-style=+ {} + | sort"
            #expect(try rig.vfpool("boot", "eth3").status == 0)
            let copied = try rig.sh(state).stdout
            #expect(copied.contains("/etc/systemd/system/vfpool-reload.service"))
            // As `make install` does.
            let shipped = try rig.sh(
                """
                set -e
                install -m 755 \(Rig.vfpool) /usr/bin/vfpool
                mkdir -p /usr/lib/systemd/system
                cd /etc/systemd/system
                cp vfpool-*.timer vfpool-*.path vfpool-guests.service vfpool-reload.service /usr/lib/systemd/system
                sed -E 's#^(ExecStart|ConditionFileIsExecutable)=[^ ]*#\\1=/usr/bin/vfpool#' vfpool-reconcile.service \
                    > /usr/lib/systemd/system/vfpool-reconcile.service
                """)
            #expect(shipped.status == 0, "\(shipped)")
            func vfpool(_ words: String...) throws -> CommandResult {
                try rig.start(["/usr/bin/vfpool"] + words).wait()
            }
            #expect(try vfpool("doctor", "--problems").stdout.contains("WARN  boot-units"))
            let changed = try vfpool("boot", "eth3")
            #expect(changed.status == 0, "\(changed)")
            let left = try rig.sh("find /etc/systemd/system -name 'vfpool*' -type f").stdout
            #expect(left == "/etc/systemd/system/vfpool-vfs@.service\n")
            #expect(try vfpool("doctor").stdout.contains("PASS  boot-units"))
            #expect(try vfpool("undo").status == 0)
            #expect(try rig.sh(state).stdout == copied)
        }
    }

    @Test func `a second master is refused`() throws {
        try Rig.with(.pf("eth3", vfs: 4)) { rig throws in
            let written = try rig.sh(
                """
                mkdir -p /etc/NetworkManager/system-connections
                printf '[connection]\\ninterface-name=eth3\\n[sriov]\\ntotal-vfs=4\\n' \
                    > /etc/NetworkManager/system-connections/eth3.nmconnection
                """)
            #expect(written.status == 0)
            let refused = try rig.vfpool("boot", "eth3", "--vfs-count", "6")
            #expect(refused.status == 1 && refused.stderr.contains("error[vfs-set-elsewhere]"), "\(refused)")
            let left = try rig.vfpool("boot", "eth3")
            #expect(left.status == 0 && left.stderr.contains("that is left to it"), "\(left)")
        }
    }

    @Test func `only what sets this PF's count stands in the way`() throws {
        try Rig.with([.pf("eth3", vfs: 4), .pf("eth4", vfs: 2)]) { rig throws in
            let written = try rig.sh(
                """
                mkdir -p /etc/udev/rules.d /etc/systemd/network
                echo 'SUBSYSTEM=="net", DRIVERS=="nosuch", ATTR{device/sriov_numvfs}="16"' > /etc/udev/rules.d/1.rules
                printf '[Match]\\nDriver=nosuch\\n[Link]\\nSR-IOVVirtualFunctions = 16\\n' > /etc/systemd/network/1.link
                printf '#!/bin/sh\\nfor pf in eth4; do echo 8 > /sys/class/net/$pf/device/sriov_numvfs; done\\n' > /etc/rc.local
                chmod 755 /etc/rc.local
                """)
            #expect(written.status == 0, "\(written)")
            let refused = try rig.vfpool("boot", "eth4")
            #expect(refused.status == 1 && refused.stderr.contains("/etc/rc.local:2 gives eth4 8 VFs"), "\(refused)")
            let doctor = try rig.vfpool("doctor", "eth4").stdout
            #expect(doctor.contains("WARN  vfs-persist") && doctor.contains("/etc/rc.local:2"), "\(doctor)")
            let made = try rig.vfpool("boot", "eth3")
            #expect(made.status == 0 && !made.stderr.contains("left to it"), "\(made)")
            #expect(try rig.vfpool("doctor", "eth3", "--problems").stdout.contains("vfs-") == false)
        }
    }
}
