import Glibc
import TestSupport
import Testing

/// Files of the host that are huge, or no files, where a configuration names them: read in part or not at all.
@Suite(.enabled(if: Rig.missing == nil, "no rig: \(Rig.missing ?? "")"))
struct HostileFilesOnRigTests {
    /// A disk's image that begins as a script does, a pipe that nobody writes into, and a device without an end, each named by
    /// whatever names programs and files at boot.
    private static let names = """
        set -e
        mkdir -p /run/odd /etc/systemd/system/multi-user.target.wants /etc/udev/rules.d /etc/cron.d /etc/modprobe.d
        printf '#!/bin/sh\\n' > /run/odd/image; truncate -s 2G /run/odd/image; chmod 755 /run/odd/image
        mkfifo /run/odd/pipe; chmod 755 /run/odd/pipe
        for file in /run/odd/image /run/odd/pipe /dev/zero; do
            name=${file##*/}
            printf '[Service]\\nType=oneshot\\nEnvironmentFile=-%s\\nExecStart=%s eth3\\nExecStart=/bin/sh %s\\nExecStart=/bin/sh -c "for n in $(cat %s); do echo $n; done; . %s; while read a; do echo $a > /sys/class/net/eth3/device/sriov_numvfs; done < %s"\\n' \
                $file $file $file $file $file $file > /etc/systemd/system/$name.service
            ln -s ../$name.service /etc/systemd/system/multi-user.target.wants/$name.service
            echo "SUBSYSTEM==\\"net\\", RUN+=\\"$file\\", PROGRAM=\\"$file\\"" >> /etc/udev/rules.d/1.rules
            echo "@reboot root $file; . $file" >> /etc/cron.d/boot
        done
        for path in /etc/rc.local /etc/udev/rules.d/2.rules /etc/systemd/system/4.service /etc/modprobe.d/9.conf \
            /etc/systemd/network/3.link /etc/network/interfaces.d/5 /etc/default/libvirt-guests; do
            mkdir -p ${path%/*}; echo "#!/bin/sh" > $path; truncate -s 2G $path; chmod 755 $path
        done
        for path in /etc/crontab /etc/systemd/system/6.service /etc/systemd/network/7.link /etc/modprobe.d/8.conf; do
            mkfifo $path
        done
        """

    /// Runs it, and tells how much memory it had at most, in KiB.
    private func memory(_ rig: Rig, _ words: [String]) throws -> (result: CommandResult, peak: Int) {
        let measure = """
            import resource, subprocess, sys
            status = subprocess.run(sys.argv[1:], timeout=120).returncode
            print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
            sys.exit(status if status >= 0 else 128 - status)
            """
        let result = try rig.start(["python3", "-c", measure, Rig.vfpool] + words).wait()
        let last = result.stdout.split(separator: "\n").last.flatMap { Int($0) }
        return (result, try #require(last, "\(result)"))
    }

    @Test func `doctor and boot read no image, no pipe and no device as a whole`() throws {
        try Rig.with(.pf("eth3", vfs: 4)) { rig throws in
            let commands = [["doctor"], ["boot", "eth3", "--dry-run"]]
            let usual = try commands.map { try memory(rig, $0).peak }
            let written = try rig.sh(Self.names)
            #expect(written.status == 0, "\(written)")
            for (words, before) in zip(commands, usual) {
                let (result, peak) = try memory(rig, words)
                #expect(result.status < 3, "\(result)")
                #expect(peak < before + (128 << 10), "\(words): \(before) KiB before, now \(peak)")
            }
        }
    }

    @Test func `no template is waited for, or read without end`() throws {
        try Rig.with(.pf("eth3", vfs: 4)) { rig throws in
            #expect(try rig.sh("mkfifo /run/pipe; truncate -s 2G /run/image; mkdir /run/folder").status == 0)
            for file in ["/run/pipe", "/run/image", "/run/folder", "/dev/zero", "/dev/tty", "/run/none"] {
                let (result, peak) = try memory(rig, ["create", "eth3", "--dry-run", "--template", file])
                #expect(result.status == 1 && result.stderr.contains("error[invalid-template]"), "\(result)")
                #expect(peak < 256 << 10, "\(file): \(peak) KiB")
            }
            let endless = try rig.sh("\(Rig.vfpool) create eth3 --dry-run --template /dev/stdin < /dev/zero")
            #expect(endless.status == 1 && endless.stderr.contains("error[invalid-template]"), "\(endless)")
        }
    }

    @Test func `the hook reads no more than a document from libvirt`() throws {
        try Rig.with(.pf("eth3", vfs: 4)) { rig throws in
            let run = "ulimit -v 4000000; \(Rig.vfpool) hook run network lan port-created begin - < /dev/zero"
            let endless = try rig.sh(run)
            #expect(endless.status == 1 && endless.stderr.contains("what libvirt told the hook"), "\(endless)")
        }
    }
}
