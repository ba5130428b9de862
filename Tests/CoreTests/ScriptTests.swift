import TestSupport
import Testing

@testable import Model

/// What scripts of the boot set, by following them. eth3, then eth4.
@Suite struct ScriptTests {
    private func found(_ script: String, _ more: [String: String] = [:]) throws -> String {
        try BootHost(more.merging(["/etc/rc.local": "#!/bin/sh\n" + script]) { $1 }).verdict
    }

    static let path = "/sys/class/net/eth3/device/sriov_numvfs"

    @Test(arguments: [
        "echo 4 > \(path)", "echo 4 >\(path)", "/bin/echo -n '4' > \"\(path)\"", "printf 4 > \(path)",
        "printf '%s\\n' 4 > \(path)", "echo 4 | tee \(path)", "echo 4 | sudo tee -a \(path) > /dev/null",
        "tee \(path) <<< 4", "sudo sh -c 'echo 4 > \(path)'", "bash -c \"echo 4 > \(path)\"",
        "echo 4 > /sys/bus/pci/devices/0000:03:00.0/sriov_numvfs",
        "echo 4 > /sys/bus/pci/devices/0000\\:03\\:00.0/sriov_numvfs",
        "echo 4 > /sys/bus/pci/drivers/ixgbe/0000:03:00.0/sriov_numvfs",
        "echo 4 > /sys/devices/pci0000:00/0000:00:01.0/0000:03:00.0/sriov_numvfs",
        "PF=eth3; N=4\necho $N > /sys/class/net/$PF/device/sriov_numvfs",
        "PF=${1:-eth3}\nPF=eth3 N=\"4\"\necho \"${N}\" > \"/sys/class/net/${PF}/device/sriov_numvfs\"",
        "F=\(path)\n[ $(cat $F) -eq 0 ] && echo 4 > $F", "if [ -w \(path) ]; then\n  echo 4 > \(path)\nfi",
        "if [ \"$(cat \(path))\" != 4 ]; then echo 0 > \(path); echo 4 > \(path); fi",
        "echo 0 > \(path)\r\necho 4 > \(path)\r\n",
        "D=$(readlink -f /sys/class/net/eth3/device)\necho 4 > $D/sriov_numvfs",
        "set_vfs() { echo $2 > /sys/class/net/$1/device/sriov_numvfs; }\nset_vfs eth3 4",
        "function set_vfs {\n  local pf=$1 count=$2\n  echo ${count} > /sys/class/net/${pf}/device/sriov_numvfs\n}\nset_vfs eth3 4",
        "for pf in eth3; do echo 4 > /sys/class/net/$pf/device/sriov_numvfs; done",
        "for f in /sys/bus/pci/drivers/ixgbe/*/sriov_numvfs; do echo 4 > $f; done",
        "case \"$1\" in\n  start) echo 4 > \(path) ;;\n  stop) echo 0 > \(path) ;;\nesac",
        "cat <<END > /etc/x\necho 9 > \(path)\nEND\necho 4 > \(path)", "echo 4 \\\n  > \(path)",
        "while ! [ -e \(path) ]; do sleep 1; done; echo 4 > \(path) # not 9", "{ echo 4 > \(path); } 2>/dev/null",
        "( sleep 5; echo 4 > \(path) ) &", "nohup echo 4 > \(path) &\nexit 0\necho 9 > \(path)",
        "timeout 10 sh -c 'echo 4 > \(path)'",
        "PF=(eth3 lo)\nfor p in \"${PF[@]}\"; do echo 4 > /sys/class/net/$p/device/sriov_numvfs; done",
        "vfpool resize eth3 4", "vfpool -c qemu:///system resize 0000:03:00.0 4 --yes",
        "echo 4 > /sys/class/net/eth3/device/mlx5_num_vfs", "modprobe -r ixgbe; modprobe ixgbe max_vfs=4",
        "[[ -d /sys/class/net/eth3 && ! -e /x ]] && echo 4 > \(path)", "test -e /x || { echo 4 > \(path); }",
        "N=4; N=$((N)); N=4; echo $N > \(path)", "N=`echo \\`echo 4\\``; echo $N > \(path)",
        "write_to() {\n echo \"+ echo $2 > $1\"\n echo \"${2}\" > ${1}\n}\nset_vfs() { write_to /sys/bus/pci/devices/${1}/sriov_numvfs ${2}; }\nset_vfs 0000:03:00.0 4",
        "eval 'echo 4 > \(path)'",
        "export PF=eth3; sh -c 'echo 4 > /sys/class/net/$PF/device/sriov_numvfs'",
    ])
    func countsOfOnePF(_ script: String) throws {
        let found = try found(script)
        #expect(found == "4 -")
    }

    @Test(arguments: [
        // Reading is no writing.
        ("cat \(path)", "- -"), ("n=$(cat \(path))", "- -"), ("[ 4 = $(cat \(path)) ] || logger 'not 4'", "- -"),
        ("read n < \(path)", "- -"), ("echo \(path)", "- -"), ("echo 4 > /tmp/sriov_numvfs.log", "- -"),
        ("# echo 4 > \(path)", "- -"), ("exit 0\necho 4 > \(path)", "- -"),
        ("ip link set eth3 vf 0 mac 52:54:00:00:00:01", "- -"),
        ("if false; then echo 4 > \(path); fi", "- -"),
        ("for pf in; do echo 4 > /sys/class/net/$pf/device/x; done", "- -"),
        // Of another device.
        ("echo 4 > /sys/class/net/eth9/device/sriov_numvfs", "- -"),
        ("echo 7 > /sys/class/drm/card0/device/sriov_numvfs", "- -"),
        ("echo 7 > /sys/devices/pci0000:00/0000:00:02.0/sriov_numvfs", "- -"),
        ("echo 8 > /sys/bus/pci/devices/0000:04:00.0/sriov_numvfs", "- 8"),
        ("echo 8 > /sys/class/infiniband/mlx5_0/device/sriov_numvfs", "- 8"),
        ("RDMA=$(ls /sys/class/infiniband | head -1)\necho 8 > /sys/class/infiniband/$RDMA/device/sriov_numvfs", "- ?"),
        // Of several.
        ("for pf in eth3 eth4; do echo 4 > /sys/class/net/$pf/device/sriov_numvfs; done", "4 4"),
        ("PFS='eth3 eth4'; for pf in $PFS; do echo 4 > /sys/class/net/$pf/device/sriov_numvfs; done", "4 4"),
        ("for f in /sys/class/net/eth*/device/sriov_numvfs; do echo 4 > $f; done", "4 4"),
        ("for i in {3..4}; do echo 4 > /sys/class/net/eth$i/device/sriov_numvfs; done", "4 4"),
        ("for pf in eth{3,4}; do echo 4 > /sys/class/net/$pf/device/sriov_numvfs; done", "4 4"),
        ("for f in /sys/bus/pci/devices/*/sriov_numvfs; do cat ${f%/*}/sriov_totalvfs > $f; done", "8 8"),
        ("echo $(cat /sys/class/net/eth3/device/sriov_totalvfs) > \(path)", "8 -"),
        ("for pf in eth3 eth4; do [ $pf = eth3 ] && echo 4 > /sys/class/net/$pf/device/sriov_numvfs; done", "4 -"),
        // A count that can't be told.
        ("echo $N > \(path)", "n -"), ("cat /etc/count > \(path)", "n -"),
        ("if [ -e /x ]; then N=4; else N=8; fi; echo $N > \(path)", "n -"),
        ("/opt/count | tee \(path)", "n -"),
        // A PF that can't be told.
        ("echo 4 > /sys/class/net/$PF/device/sriov_numvfs", "? ?"),
        ("for pf in $(ls /sys/class/net); do echo 4 > /sys/class/net/$pf/device/sriov_numvfs; done", "? ?"),
        ("while read pf n; do echo $n > /sys/class/net/$pf/device/sriov_numvfs; done < /etc/vfs", "? ?"),
        ("if [ -e /x ]; then PF=eth3; else PF=eth4; fi; echo 4 > /sys/class/net/$PF/device/sriov_numvfs", "? ?"),
        ("find /sys/devices -name sriov_numvfs -exec sh -c 'echo 4 > {}' \\;", "? ?"),
        ("find /sys -name sriov_numvfs | xargs -n1 sh -c 'echo 4 > $0'", "? ?"),
        ("for f in $(find /sys -name sriov_numvfs); do echo 4 > $f; done", "? ?"),
        ("for f in $(ls /sys/class/net/*/device/sriov_numvfs); do echo 4 > $f; done", "4 4"),
        ("find /sys -name sriov_numvfs", "- -"),
        ("find /sys -name sriov_numvfs | while read f; do cat $f; done", "- -"),
        ("/opt/set-count \(path) 4", "? -"),
        // Something that is not understood.
        ("case x in esac ) echo 4 > \(path)", "? -"),
        ("python3 -c \"open('\(path)','w').write('4')\"", "? -"),
    ])
    func others(_ script: String, _ verdict: String) throws {
        let found = try found(script)
        #expect(found == verdict)
    }

    @Test(arguments: [
        ("[ \"$1\" = eth3 ] || exit 0\necho 4 > /sys/class/net/$1/device/sriov_numvfs", "4 -"),
        ("if [ \"$1\" != eth3 ]; then\n exit 0\nfi\necho 4 > /sys/class/net/$1/device/sriov_numvfs", "4 -"),
        ("[ \"$1\" == eth3 ] && echo 4 > /sys/class/net/$1/device/sriov_numvfs", "4 -"),
        ("[ eth3 == \"$1\" ] && echo 4 > /sys/class/net/eth3/device/sriov_numvfs", "4 -"),
        ("case $1 in eth3|eth4) echo 4 > /sys/class/net/$1/device/sriov_numvfs;; esac", "4 4"),
        ("case $1 in lo) exit;; esac\necho 4 > /sys/class/net/$1/device/sriov_numvfs", "? ?"),
        ("[ \"$1\" = lo ] && exit 0\necho 4 > /sys/class/net/$1/device/sriov_numvfs", "? ?"),
        ("[ \"$2\" = up ] || exit 0\n[ \"$1\" = eth3 ] && echo 4 > /sys/class/net/$1/device/sriov_numvfs", "4 -"),
        (
            "if [ $1 = eth3 ]; then N=4; elif [ $1 = eth4 ]; then N=8; fi; echo 2 > /sys/class/net/$1/device/sriov_numvfs",
            "? ?"
        ),
        ("if [[ $1 == eth3 || $1 =~ ^(a|b)$ ]]; then echo 4 > /sys/class/net/$1/device/sriov_numvfs; fi", "? ?"),
        ("if [ $1 = eth3 ]; then echo 4 > /sys/class/net/$1/device/sriov_numvfs; fi; echo $1", "4 -"),
    ])
    func conditionsOfTheInterface(_ script: String, _ verdict: String) throws {
        let host = try BootHost(["/etc/NetworkManager/dispatcher.d/50-vfs": "#!/bin/bash\n" + script])
        #expect(try host.verdict == verdict)
    }

    // MARK: Scripts that scripts call

    @Test func otherScriptsAreFollowed() throws {
        let script = "#!/bin/sh\necho $2 > /sys/class/net/$1/device/sriov_numvfs\n"
        #expect(try found("/opt/vfs eth3 4", ["/opt/vfs": script]) == "4 -")
        #expect(try found("sh /opt/vfs eth3 4", ["/opt/vfs": script]) == "4 -")
        #expect(try found("vfs eth3 4", ["/usr/local/sbin/vfs": script]) == "4 -")
        #expect(
            try found(
                "/opt/one",
                [
                    "/opt/one": "#!/bin/sh\n/opt/two $@\n", "/opt/two": "#!/bin/sh\n. /etc/vfs\necho $N > $F\n",
                    "/etc/vfs": "N=4\nF=\(Self.path)\n",
                ]) == "4 -")
        #expect(try found("/opt/vfs eth3 4", ["/opt/vfs": "#!/opt/lua\nwrite(\"\(Self.path)\")\n"]) == "? -")
        #expect(
            try found(
                "python3 /opt/vfs.py eth4 4", ["/opt/vfs.py": "open('/sys/class/net/%s/device/sriov_numvfs' % x)\n"])
                == "- ?")
    }

    /// eth3 and its count, by lines.
    @Test(arguments: [
        "while read pf n; do echo $n > /sys/class/net/$pf/device/sriov_numvfs; done < /etc/vfs",
        "while read -r pf n; do\n  echo \"$n\" > \"/sys/class/net/$pf/device/sriov_numvfs\"\ndone < /etc/vfs",
        "cat /etc/vfs | while read pf n; do echo $n > /sys/class/net/$pf/device/sriov_numvfs; done",
        "while read pf n || [ -n \"$pf\" ]; do echo $n > /sys/class/net/$pf/device/sriov_numvfs; done < /etc/vfs",
        "while IFS=: read -r pf n; do echo $n > /sys/class/net/$pf/device/sriov_numvfs; done < /etc/colons",
        "while read l; do set -- $l; echo $2 > /sys/class/net/$1/device/sriov_numvfs; done < /etc/vfs",
        "while read pf n; do echo $n > /sys/class/net/$pf/device/sriov_numvfs; done <<END\neth3 4\nEND",
        "{ read pf n; echo $n > /sys/class/net/$pf/device/sriov_numvfs; } < /etc/vfs",
        "echo eth3 4 | { read pf n; echo $n > /sys/class/net/$pf/device/sriov_numvfs; }",
        "read -r pf n < /etc/vfs\necho $n > /sys/class/net/$pf/device/sriov_numvfs",
        "read pf n <<< 'eth3 4'\necho $n > /sys/class/net/$pf/device/sriov_numvfs",
        "N=$(cat /etc/count)\necho $N > \(path)", "cat /etc/count > \(path)",
        "while read x; do :; done < /etc/none; echo 4 > \(path)",
        "while read pf n; do [ \"$(cat /sys/class/net/$pf/device/sriov_numvfs)\" = $n ] || {\n echo 0 > /sys/class/net/$pf/device/sriov_numvfs\n echo $n > /sys/class/net/$pf/device/sriov_numvfs\n}; done < /etc/vfs",
    ])
    func filesOfCountsAreRead(_ script: String) throws {
        let files = ["/etc/vfs": "eth3 4\n", "/etc/colons": "eth3:4\n", "/etc/count": "4\n"]
        #expect(try found(script, files) == "4 -")
    }

    @Test func everyLineOfAFileOfCountsIsRead() throws {
        let loop = "while read pf n; do echo $n > /sys/class/net/$pf/device/sriov_numvfs; done < /etc/vfs"
        #expect(try found(loop, ["/etc/vfs": "# PF count\neth3 4\n\neth4  6"]) == "4 6")
        #expect(try found(loop, ["/etc/vfs": "eth4 6\n"]) == "- 6")
        #expect(try found(loop, ["/etc/vfs": ""]) == "- -")
    }

    @Test func theFileWithTheCountIsNamed() throws {
        let host = try BootHost([
            "/etc/rc.local": "#!/bin/sh\n\n/opt/vfs\n", "/opt/vfs": "#!/bin/sh\n# VFs\necho 4 > \(Self.path)\n",
        ])
        let setter = try #require(try host.setter())
        #expect(setter.path == "/opt/vfs" && setter.line == 3 && setter.caller == "/etc/rc.local")
        #expect(setter.title == "a boot script, /etc/rc.local, which runs /opt/vfs:3")
    }

    @Test func aScriptThatCannotBeRunIsNotTakenForOneThatIs() throws {
        let host = try BootHost(["/etc/rc.local": "echo 4 > \(Self.path)\n"])
        #expect(try host.verdict == "- -")
        let other = try BootHost(["/etc/rc.local": "#!/bin/sh\n/opt/vfs\n"])
        try other.sys.write("#!/bin/sh\necho 4 > \(Self.path)", "../opt/vfs")
        #expect(try other.verdict == "? -")
        #expect(try other.setter()?.doubt == "/opt/vfs is not executable")
    }

    /// None of these may take long, or all of the stack.
    @Test(arguments: [
        "f() { f; f; }\nf", "/etc/rc.local", ". /etc/rc.local", String(repeating: "( ", count: 5_000),
        String(repeating: "if true; then ", count: 2_000), "x=a" + String(repeating: "; x=$x$x", count: 100),
        "x='eval \"$x\"'; eval \"$x\"", String(repeating: "! ", count: 5_000) + "true",
        String(repeating: "f()", count: 5_000),
        "if true; then true" + String(repeating: "; elif true; then true", count: 5_000) + "; fi",
        "true " + String(repeating: "&& true ", count: 5_000), "x=" + String(repeating: "${x:-", count: 3_000),
        String(repeating: "sh -c '", count: 100),
        "for a in 1 2 3 4 5 6 7 8 9; do for b in $a$a; do for c in $a$b; do echo $a$b$c > \(path); done; done; done",
        "$(" + String(repeating: "$(", count: 3_000), "${" + String(repeating: "${", count: 3_000), "<<", "<<<", ">",
        "\"", "'", "`", "\\",
    ])
    func anythingEnds(_ script: String) throws {
        _ = try found(script)
    }
}
