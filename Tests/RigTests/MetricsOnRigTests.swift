import TestSupport
import Testing
import Text

/// `vfpool metrics` of a real libvirtd, and of a kernel that counts or does not.
@Suite(.enabled(if: Rig.missing == nil, "no rig: \(Rig.missing ?? "")"))
struct MetricsOnRigTests {
    private func count(_ rig: Rig, _ pf: String, _ text: String) throws {
        try rig.write("/dev/rig/vf/\(pf).stats", text)
    }

    @Test func `what went through a VF is that of the guest that has it`() throws {
        try Rig.with(OnRig.usual(vfs: 4) + [.pf("eth4", vfs: 2)]) { rig throws in
            #expect(try rig.vfpool("create", "eth3").status == 0)
            #expect(try rig.vfpool("bind", "vm3").status == 0)
            #expect(try rig.virsh("start", "vm3").status == 0)
            try count(rig, "0000:03:00.0", "0 1000 10 2000 20 1 2\n2 18446744073709551615 1 0 0 0 0\n")
            let text = try rig.vfpool("metrics").stdout
            let device = "{device=\"eth3\",vf=\"0\",pci_address=\"0000:03:10.0\"}"
            for line in [
                "vfpool_vf_receive_bytes_total\(device) 1000", "vfpool_vf_receive_packets_total\(device) 10",
                "vfpool_vf_receive_dropped_total\(device) 1", "vfpool_vf_transmit_bytes_total\(device) 2000",
                "vfpool_vf_transmit_packets_total\(device) 20", "vfpool_vf_transmit_dropped_total\(device) 2",
                "vfpool_vf_receive_bytes_total{device=\"eth3\",vf=\"2\",pci_address=\"0000:03:10.4\"} 18446744073709551615",
                "vfpool_vf_counters_available{device=\"eth3\"} 1", "vfpool_vf_counters_available{device=\"eth4\"} 0",
                "vfpool_pool_functions{pool=\"vfpool-eth3\",use=\"taken\"} 1",
                "vfpool_pool_functions{pool=\"vfpool-eth3\",use=\"free\"} 1",
                "vfpool_pool_boot_interfaces{pool=\"vfpool-eth3\"} 0",
                "vfpool_check_verdict{check=\"pf-up\",verdict=\"pass\"} 2",
            ] {
                #expect(text.contains(bytes: line + "\n"), "no \(line) in \(text)")
            }
            let uuid = try rig.virsh("domuuid", "vm3").stdout.trimmed
            #expect(
                text.contains(
                    bytes:
                        "pool=\"vfpool-eth3\",use=\"taken\",domain=\"vm3\",uuid=\"\(uuid)\",mac=\"\(OnRig.mac(3))\",vlan=\"\"} 1\n"
                ),
                "\(text)")
            #expect(
                text.contains(bytes: "vfpool_guest_pending_restart{domain=\"vm3\",uuid=\"\(uuid)\"} 0\n"), "\(text)")
            // Of a PF that does not count, there is nothing but that.
            #expect(!text.contains(bytes: "_total{device=\"eth4\""), "\(text)")
        }
    }

    @Test func `more VFs than the kernel's answer has room for have no counters`() throws {
        try Rig.with(.pf("eth3", vfs: 230, total: 255), .pf("eth4", vfs: 200, total: 255)) { rig throws in
            for pf in ["0000:03:00.0", "0000:04:00.0"] { try count(rig, pf, "0 1 1 1 1 0 0\n") }
            let text = try rig.vfpool("metrics").stdout
            #expect(text.contains(bytes: "vfpool_vf_counters_available{device=\"eth3\"} 0\n"))
            #expect(!text.contains(bytes: "_total{device=\"eth3\""))
            #expect(text.contains(bytes: "_bytes_total{device=\"eth4\",vf=\"199\""))
        }
    }

    @Test func `a file is replaced as a whole`() throws {
        try Rig.with(OnRig.usual(vfs: 4)) { rig throws in
            let path = "/var/shown/vfpool.prom"
            try rig.write(path, "old\n", mode: "600")
            _ = try rig.run("ln", path, "/var/shown/before")
            let done = try rig.vfpool("metrics", "--output", path)
            #expect(done == CommandResult(stdout: "", stderr: "", status: 0), "\(done)")
            #expect(
                try rig.sh("cd /var/shown && ls && stat -c %a vfpool.prom && cat before").stdout
                    == "before\nvfpool.prom\n644\nold\n")
            #expect(try rig.run("tail", "-n", "1", path).stdout.hasPrefix("vfpool_last_success_timestamp_seconds "))
            // What fails leaves the last that was good, and nothing beside it.
            try rig.daemon(.stop)
            let failed = try rig.vfpool("metrics", "--output", path)
            #expect(failed.status == 1 && failed.stderr.contains("error[no-connection]"), "\(failed)")
            #expect(
                try rig.vfpool("metrics", "-c", "test:///default", "--output", "/var/no/such").stderr.contains(
                    "error[file]"))
            #expect(try rig.sh("ls /var/shown; tail -n 1 \(path)").stdout.contains("vfpool.prom\nvfpool_last_success"))
        }
    }

    /// A file beside a device, renamed to it, would take the device away from the whole machine.
    @Test func `what is no plain file is not replaced`() throws {
        try Rig.with(OnRig.usual(vfs: 2)) { rig throws in
            let made = "mkfifo fifo && mknod null c 1 3 && echo old >old && ln -s old link"
            #expect(try rig.sh("mkdir -p /var/shown/d && cd /var/shown && \(made)").status == 0)
            let before = try rig.sh("cd /var/shown; stat -c '%n %F %i' *; cat old").stdout
            let kinds = [("fifo", "a FIFO"), ("null", "a device"), ("link", "a symbolic link"), ("d", "a folder")]
            for (name, kind) in kinds {
                for command in [["metrics"], ["picture", "--format", "svg"]] {
                    let done = try rig.start([Rig.vfpool] + command + ["--output", "/var/shown/\(name)"]).wait()
                    #expect(
                        done.status == 1
                            && done.stderr.hasSuffix("\ncause: it is \(kind), which is not replaced by a file\n"),
                        "\(name): \(done)")
                }
            }
            #expect(try rig.sh("cd /var/shown; stat -c '%n %F %i' *; cat old").stdout == before)
        }
    }

    /// Two names that a terminal shows alike are two to a collector, whichever way it gets them.
    @Test func `names are as they are in a file and in a pipe`() throws {
        let names = ["a\u{2028}\"b\\", "a\u{2029}\"b\\", "\u{202E}x", "\u{1F469}\u{200D}\u{1F4BB}"]
        let guests = names.enumerated().map { index, name in
            RigPart.guest(name, .pinned("eth3", index, mac: OnRig.mac(index)))
        }
        try Rig.with([.pf("eth3", vfs: 4)] + guests) { rig throws in
            let text = try rig.vfpool("metrics").stdout
            #expect(try rig.vfpool("metrics", "--output", "/var/tmp/x.prom").status == 0)
            let file = try rig.run("cat", "/var/tmp/x.prom").stdout
            for name in ["a\u{2028}\\\"b\\\\", "a\u{2029}\\\"b\\\\"] + names[2...] {
                let label = ",domain=\"\(name)\","
                #expect(text.contains(bytes: label) && file.contains(bytes: label), "\(name): \(text)")
            }
        }
    }
}
