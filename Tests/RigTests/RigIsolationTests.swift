import Glibc
import TestSupport
import Testing

/// A rig is a host of its own: it has nothing of the machine's state, and the machine nothing of its.
@Suite(.enabled(if: Rig.missing == nil, "no rig: \(Rig.missing ?? "")"))
struct RigIsolationTests {
    /// Where a machine keeps what it is set up by, and what was noted there.
    static let state = """
        /etc/NetworkManager/system-connections/m.nmconnection /etc/NetworkManager/conf.d/m.conf /etc/cron.d/m /etc/crontab
        /etc/default/libvirt-guests /etc/libvirt/hooks/qemu /etc/libvirt/libvirt.conf /etc/libvirt/qemu/networks/m.xml
        /etc/machine-id /etc/modprobe.d/m.conf /etc/netplan/m.yaml /etc/network/interfaces /etc/rc.local /etc/sysfs.conf
        /etc/systemd/network/m.link /etc/systemd/system/m.service /etc/tmpfiles.d/m.conf /etc/udev/rules.d/m.rules
        /etc/vfpool/vfs-0000:03:00.0.conf /home/anyone/.config/libvirt/libvirt.conf /root/.bashrc
        /root/.config/libvirt/libvirt.conf /root/.local/state/vfpool/m /root/m /run/NetworkManager/devices/2
        /run/libvirt/m /run/systemd/network/m.link /run/udev/rules.d/m.rules /run/vfpool/m /run/vfpool.lock
        /usr/lib/systemd/system/m.service /usr/lib/udev/rules.d/m.rules /usr/local/sbin/m /var/cache/libvirt/m
        /var/lib/libvirt/m /var/lib/vfpool/changes/20260101-000000-000/entry.json /var/lib/vfpool/lock
        /var/log/libvirt/m /var/spool/cron/crontabs/root /var/tmp/m
        """

    /// A machine, in a mount namespace of this command's own, that has a mark in each such file; and a rig on it.
    static let machine = """
        set -e
        work=$(mktemp -d)
        trap 'umount -l $work; rm -rf $work $work.json' EXIT
        mount -t tmpfs work $work
        for folder in /etc /var /root /home; do
            mkdir -p $work$folder/upper $work$folder/work $folder
            mount -t overlay -o lowerdir=$folder,upperdir=$work$folder/upper,workdir=$work$folder/work overlay $folder
        done
        mount -t tmpfs run /run
        for folder in /usr/lib/systemd/system /usr/lib/udev/rules.d /usr/local/sbin; do
            if [ -d $folder ]; then mount -t tmpfs own $folder; fi
        done
        for path in $STATE; do
            if mkdir -p "${path%/*}" 2>/dev/null; then echo "$MARK" > "$path"; fi
        done
        printf '{"pfs": [{"name": "eth3", "vfs": 1}]}' > $work.json
        echo "outside: $(grep -l "$MARK" $STATE | wc -l)"
        "$RIG" $work.json -- sh -c "$INSIDE" || echo "status $?"
        for path in $STATE; do echo "$path"; done | while read -r path; do
            [ "$(cat "$path")" = "$MARK" ] || echo "changed: $path"
        done
        for folder in $FOLDERS; do ls "$folder/written-$MARK" 2>/dev/null || true; done
        """

    static let inside = """
        "$BINARY" log 2>/dev/null
        "$BINARY" create eth3 -q
        grep -rl "$MARK" /etc /var /run /root /home /usr/lib/udev /usr/lib/systemd /usr/local /proc/cmdline 2>/dev/null
        env | grep -e ^LIBVIRT_ -e ^VFPOOL_ -e ^XDG_ -e ^VIRSH_ -e ^SUDO_
        for folder in $FOLDERS "$HOME"; do touch "$folder/written-$MARK" 2>/dev/null; done
        for path in $STATE; do mkdir -p "${path%/*}" && echo other > "$path"; done 2>/dev/null
        exit 0
        """

    static let folders = "/ /etc /var /var/lib /run /usr /usr/local/bin /usr/local/sbin /root /home /opt /srv /boot"

    @Test func `nothing of the machine is seen, and nothing is changed there`() throws {
        let mark = "mark-\(getpid())"
        let rig = #filePath.split(separator: "/").dropLast(2).reduce("") { $0 + "/" + $1 } + "/Rig/rig"
        let result = try RunningCommand(
            ["/usr/bin/unshare", "--mount", "--propagation", "private", "bash", "-c", Self.machine],
            environment: [
                "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", "MARK": mark,
                "STATE": Self.state, "INSIDE": Self.inside, "FOLDERS": Self.folders, "RIG": rig, "BINARY": Rig.vfpool,
                "LIBVIRT_DEFAULT_URI": "test:///default", "VFPOOL_STATE_DIR": "/var/lib/vfpool",
                "VFPOOL_HOST_LOCK": "/run/vfpool.lock", "XDG_STATE_HOME": "/root/.local/state",
                "XDG_CONFIG_HOME": "/root/.config", "VIRSH_DEFAULT_CONNECT_URI": "test:///default", "SUDO_USER": mark,
            ]
        ).wait(seconds: 300)
        let lines = result.stdout.split(separator: "\n")
        let marked = lines.first?.split(separator: " ").last.flatMap { Int($0) } ?? 0
        #expect(marked > 35, "the machine has its marks: \(result)")
        #expect(lines.dropFirst() == ["vfpool-eth3"], "\(result)")
    }

    @Test func `a command's environment is what the test gives it`() throws {
        try Rig.with(.noDaemon) { rig in
            let names = try rig.run("env", environment: ["WORD": "a"]).stdout.split(separator: "\n").map {
                String($0.prefix { $0 != "=" })
            }
            let known = [
                "PATH", "LANG", "HOME", "WORD", "LD_PRELOAD", "RIG_FOLDER", "TMPDIR", "RIG_CACHE", "RIG_KEEP",
                "LLVM_PROFILE_FILE",
            ]
            #expect(Set(names).subtracting(known) == [])
            let home = try rig.sh("cd; pwd; getent passwd root | cut -d: -f6; ls -A").stdout
            #expect(home == "\(rig.folder)/home\n\(rig.folder)/home\n")
        }
    }

    @Test func `doctor finds nothing of the machine's, and no fault of a sound host`() throws {
        try Rig.with(.pf("eth3", vfs: 2)) { rig throws in
            #expect(try rig.vfpool("create", "eth3", "--persist").status == 0)
            let result = try rig.vfpool("doctor", "--problems")
            #expect(result.status == 0 && !result.stdout.contains("FAIL"), "\(result)")
        }
    }
}
