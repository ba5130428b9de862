import Glibc
import TestSupport
import Testing
import Text

/// `vfpool top` and `watch` on a real libvirtd: what they see, and how they end.
@Suite(.enabled(if: Rig.missing == nil, "no rig: \(Rig.missing ?? "")"))
struct LiveOnRigTests {
    private static let tmux = "/usr/bin/tmux"

    /// What `watch` says from its first line on.
    private func watch(_ rig: Rig, _ words: String...) throws -> RunningCommand {
        let command = try rig.start(["/usr/bin/env", Rig.vfpool, "watch", "--format", "json"] + words)
        #expect(eventually { command.stdout.contains("\"watching\"") }, "\(command.stderr)")
        return command
    }

    @Test func `watch hears guests, survives a restart of the daemon, and says what it missed`() throws {
        try Rig.with(OnRig.usual(vfs: 4)) { rig throws in
            #expect(try rig.vfpool("create", "eth3").status == 0)
            #expect(try rig.vfpool("bind", "vm3").status == 0)
            let watch = try watch(rig)
            #expect(try rig.virsh("start", "vm3").status == 0)
            #expect(
                eventually {
                    watch.stdout.contains("\"message\":\"VF 2 of eth3: free → vm3\"")
                        || watch.stdout.contains("→ vm3\"")
                })
            #expect(eventually { watch.stdout.contains("guest vm3 started") })
            try rig.daemon(.stop)
            #expect(eventually { watch.stdout.contains("\"what\":\"lost\"") }, "\(watch.stdout)")
            #expect(try rig.sh("ip link set eth3 down").status == 0)
            try rig.daemon(.start)
            #expect(eventually { watch.stdout.contains("\"what\":\"back\"") }, "\(watch.stdout)")
            let missed = watch.stdout.split(byte: "\n").filter { $0.contains(bytes: "\"missed\":true") }
            #expect(missed.count == 1 && missed[0].contains(bytes: "PF eth3: up → down"), "\(watch.stdout)")
            // And hears again.
            #expect(try rig.virsh("destroy", "vm3").status == 0)
            #expect(eventually { watch.stdout.contains("guest vm3 stopped") }, "\(watch.stdout)")
            watch.signal(SIGTERM)
            _ = try watch.wait()
        }
    }

    @Test func `watch ends when nobody reads, and top too`() throws {
        try Rig.with(OnRig.usual(vfs: 2)) { rig throws in
            for command in ["watch --format json", "top --interval 0.2"] {
                let done = try rig.run(
                    "bash", "-c", "\(Rig.vfpool) \(command) | head -n 1; echo \"${PIPESTATUS[0]}\"")
                #expect(done.status == 0 && done.stdout.hasSuffix("\n0\n"), "\(done)")
            }
        }
    }

    /// As ssh without a terminal has it.
    @Test func `they end when nobody reads a socket`() throws {
        try Rig.with(OnRig.usual(vfs: 2)) { rig throws in
            let script = """
                import socket, subprocess, sys
                own, others = socket.socketpair()
                command = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=others, stderr=subprocess.DEVNULL)
                others.close()
                own.recv(1)
                own.close()
                try:
                    print(command.wait(20))
                except subprocess.TimeoutExpired:
                    command.kill()
                    print("still there")
                """
            for words in [["watch", "--format", "json"], ["top", "--batch", "2", "--interval", "0.2"]] {
                let done = try rig.start(["python3", "-c", script, Rig.vfpool] + words).wait()
                #expect(done.stdout == "0\n", "\(words): \(done)")
            }
        }
    }

    /// Who reads tables knows from when on guests are as they were.
    @Test func `top says that libvirt does not answer, and does again`() throws {
        try Rig.with(OnRig.usual(vfs: 2)) { rig throws in
            let top = try rig.start(
                ["/usr/bin/env", Rig.vfpool, "top", "--batch", "1000", "--interval", "0.2", "--format", "json"])
            #expect(eventually { top.stdout.contains("\"seconds\"") }, "\(top.stderr)")
            try rig.daemon(.stop)
            #expect(eventually { top.stdout.contains("\"what\":\"lost\"") }, "\(top.stdout)")
            try rig.daemon(.start)
            #expect(eventually { top.stdout.contains("\"what\":\"back\"") }, "\(top.stdout)")
            top.signal(SIGTERM)
            _ = try top.wait()
        }
    }

    /// Pools, PFs, VFs and guests that changed, as one names them, and nothing else.
    @Test func `watch --quiet says names alone`() throws {
        try Rig.with(OnRig.usual(vfs: 4)) { rig throws in
            #expect(try rig.vfpool("create", "eth3").status == 0)
            #expect(try rig.vfpool("bind", "vm3").status == 0)
            let watch = try rig.start(["/usr/bin/env", Rig.vfpool, "watch", "--quiet"])
            // It says nothing when it begins: until it hears.
            #expect(
                eventually {
                    _ = try? rig.virsh("start", "vm3")
                    _ = try? rig.virsh("destroy", "vm3")
                    return watch.stdout.contains("vm3\n")
                }, "\(watch.stdout)")
            try rig.daemon(.restart)
            watch.signal(SIGTERM)
            let done = try watch.wait()
            let names = Set(done.stdout.split(separator: "\n").map(String.init))
            #expect(names.contains("vm3") && names.contains { $0.hasPrefix("0000:03:1") }, "\(done)")
            #expect(names.allSatisfy { $0 == "vm3" || $0 == "vfpool-eth3" || $0.hasPrefix("0000:03:1") }, "\(done)")
        }
    }

    @Test func `rates are of what went through, and unknown where nothing is counted`() throws {
        try Rig.with(OnRig.usual(vfs: 4) + [.pf("eth4", vfs: 2), .pf("eth5", vfs: 0)]) { rig throws in
            try rig.write("/dev/rig/vf/0000:03:00.0.stats", "0 1000 10 2000 20 1 2\n")
            let once = try rig.vfpool("top", "--batch", "1", "--interval", "0.2", "--format", "json")
            #expect(once.status == 0)
            #expect(once.stdout.contains("\"receivedBytes\":0"), "\(once)")
            #expect(once.stdout.contains("\"receivedBytes\":null"), "of eth4: \(once)")
            let none = try rig.vfpool("top", "eth5", "--batch", "1", "--interval", "0.2")
            #expect(none.status == 0 && none.stderr == "note: there is no VF: eth5\n", "\(none)")
            let text = try rig.vfpool("top", "eth4", "--batch", "2", "--interval", "0.2").stdout
            #expect(
                text.split(byte: "\n").filter { $0.hasPrefix(bytes: "eth4:") }.allSatisfy {
                    $0.contains("—") && !$0.contains(" 0")
                })
            #expect(text.split(byte: "\n").filter { $0.hasPrefix(bytes: "VF ") }.count == 2)
        }
    }

    /// In 80×24 and after a resize; what it drew on is as it was, whether q or a signal ends it.
    @Test(.enabled(if: access(tmux, X_OK) == 0, "no tmux: Tests/setup"))
    func `top draws on a terminal and leaves it as it was`() throws {
        try Rig.with(OnRig.usual(vfs: 4)) { rig throws in
            let script = """
                set -u
                t() { \(Self.tmux) -L vfpool -f /dev/null "$@"; }
                seen() { for i in $(seq 600); do t capture-pane -p | grep -q -- "$1" && return 0; sleep 0.1; done; echo "never: $1"; t capture-pane -p; return 1; }
                cd "$(mktemp -d)"; export TMUX_TMPDIR=$PWD TERM=xterm-256color
                t new-session -d -x 80 -y 24 /bin/bash --norc
                t send-keys "PS1='ready> '; stty -a | tail -n +2 >before; \(Rig.vfpool) top --interval 0.5" Enter
                seen 'q quit' && seen 'eth3:3'
                [ "$(t capture-pane -p | wc -l)" = 24 ] || echo "not 24 lines"
                t resize-window -x 60 -y 6; seen 'more$'
                [ "$(t capture-pane -p | wc -L)" -le 60 ] || echo "too wide"
                t send-keys s; seen '^GUEST'
                t resize-window -x 20 -y 5; t send-keys s; seen '^eth3:0'
                t capture-pane -p | head -n 1 | grep -q '^qemu:' || echo "wrapped: $(t capture-pane -p)"
                t send-keys q; seen 'ready> *$'
                t resize-window -x 80 -y 24
                t send-keys "clear; \(Rig.vfpool) top" Enter; seen 'q quit'; t send-keys C-c; seen 'ready> *$'
                t send-keys "clear; sh -c 'echo \\$\\$ >pid; exec \(Rig.vfpool) top'" Enter; seen 'q quit'
                kill -TERM "$(cat pid)"; seen 'ready> *$'; t send-keys "clear; stty -a | tail -n +2 >last" Enter
                for i in $(seq 100); do [ -s last ] && break; sleep 0.1; done
                cmp before last
                t send-keys "clear; \(Rig.vfpool) top --interval 0.5" Enter; seen 'q quit'; t send-keys C-z; seen 'Stopped'; seen 'ready> *$'
                t send-keys "clear; stty -a | tail -n +2 >stopped; echo at \\$(tput cols 2>/dev/null || echo 80)" Enter; seen '^at 80'
                cmp before stopped
                t resize-window -x 70 -y 12; t send-keys "clear; fg" Enter; seen 'q quit'; seen 'eth3:3'
                [ "$(t capture-pane -p | wc -L)" -le 70 ] || echo "not redrawn for the new size"
                t send-keys q; seen 'ready> *$'; t resize-window -x 80 -y 24
                t send-keys "clear; stty -a | tail -n +2 >after" Enter
                for i in $(seq 100); do [ -s after ] && break; sleep 0.1; done
                cmp before after
                t kill-server; echo over
                """
            let done = try rig.sh(script)
            #expect(done.stdout == "over\n", "\(done)")
        }
    }
}
