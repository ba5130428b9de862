import FoundationEssentials
import Glibc
import TestSupport
import Testing

/// Few file descriptors, small files, streams that are closed or don't wait: an error that says so, and nothing lost.
@Suite struct LimitTests {
    /// Output that is more than a pipe holds, into one that does not wait for its reader.
    @Test func aPipeThatDoesNotWait() throws {
        let host = try CLIHost()
        #expect(try host.run(["create", "eth3"]).status == 0)
        try GrownJournal.grow(host.stateFolder, by: 300)
        let whole = try host.run(["log", "--format", "json"]).stdout
        #expect(whole.utf8.count > 150_000)
        // The pipe is made so by the reader's end, then read when it has been full for a while.
        let script = """
            import fcntl, os, subprocess, sys, time
            ends = os.pipe()
            fcntl.fcntl(ends[1], fcntl.F_SETFL, fcntl.fcntl(ends[1], fcntl.F_GETFL) | os.O_NONBLOCK)
            command = subprocess.Popen(sys.argv[1:], stdout=ends[1])
            os.close(ends[1])
            full = fcntl.fcntl(ends[0], 1032)
            import array, termios
            held = array.array('i', [0])
            while held[0] < full and command.poll() is None:
                fcntl.ioctl(ends[0], termios.FIONREAD, held)
                time.sleep(0.01)
            while part := os.read(ends[0], 65536):
                sys.stdout.buffer.write(part)
            sys.exit(command.wait())
            """
        try Data(script.utf8).write(to: URL(filePath: host.folder + "/pipe.py"))
        let result = try host.shell("/usr/bin/python3 \(host.folder)/pipe.py $vfpool log --format json")
        #expect(result.status == 0, "\(result.stderr)")
        #expect(result.stdout == whole)
    }

    /// From too few to enough: each command does all or nothing, and the error names what is missing.
    @Test func fewDescriptors() throws {
        let host = try CLIHost()
        for count in [4, 5, 6, 8, 10, 12, 16, 24, 64] {
            for line in ["status", "log", "undo", "bind vm2 --pool vfpool-eth5", "hook status", "--version"] {
                let result = try host.shell("ulimit -n \(count) && $vfpool \(line)")
                #expect([0, 1].contains(result.status), "\(count), \(line): \(result)")
                #expect(result.status == 0 || result.stderr.contains("error["), "\(count), \(line): \(result)")
            }
        }
        try check(host)
        #expect(try host.shell("ulimit -n 64 && $vfpool log").status == 0)
    }

    /// A file may have at most so many KiB: what can't be written down is not done.
    @Test func smallFiles() throws {
        for size in [0, 1, 2, 4] {
            let host = try CLIHost()
            // What is printed goes to a pipe: the limit is that of the files of this test, too.
            let result = try host.shell(
                "set -o pipefail; (ulimit -f \(size); $vfpool bind vm2 --pool vfpool-eth5) 2>&1 | cat")
            if result.status != 0 {
                #expect(result.status == 1 && result.stdout.contains("error[journal]"), "\(size): \(result)")
                #expect(result.stdout.contains("File too large"), "\(size): \(result)")
                #expect(try host.run(["log", "-q"]).stdout.isEmpty, "\(size)")
            }
            try check(host)
            let file = host.folder + "/out"
            let output = try host.shell(
                "set -o pipefail; (ulimit -f \(size); $vfpool status --format json > \(file)) 2>&1 | cat")
            #expect(output.status == 1 && output.stdout.contains("File too large"), "\(size): \(output)")
        }
    }

    /// Whichever are closed, no word gets into a file or a connection that took the number.
    @Test func closedStreams() throws {
        for closed in ["<&-", ">&-", "2>&-", "<&- >&-", "<&- 2>&-", ">&- 2>&-", "<&- >&- 2>&-"] {
            let host = try CLIHost()
            for line in ["status -v", "bind vm2 --pool vfpool-eth5 -v", "log -v", "undo -v", "nonsense", "doctor"] {
                let result = try host.shell("$vfpool \(line) \(closed); s=$?; [ $s -lt 126 ] || echo $s")
                #expect(!result.stdout.contains(/^\d+$/), "\(closed), \(line): \(result)")
            }
            let words = "error\\[|warning: |hint: |note: |connected to|^read [0-9]"
            let found = try host.shell("grep -rnE '\(words)' $VFPOOL_STATE_DIR")
            #expect(found.stdout.isEmpty, "\(closed): \(found)")
            #expect(try host.run(["log"]).status == 0, "\(closed)")
        }
    }

    /// Whatever the umask, what is written down is for its owner alone: documents hold passwords.
    @Test(arguments: ["000", "077", "027"]) func umask(_ mask: String) throws {
        let host = try CLIHost()
        #expect(try host.shell("umask \(mask); $vfpool bind vm2 --pool vfpool-eth5").status == 0)
        let modes = try host.shell("find $VFPOOL_STATE_DIR -printf '%y %m\\n' | sort -u").stdout
        #expect(modes == "d 700\nf 600\n", "\(modes)")
        try check(host)
    }

    /// Everything in the journal can be read.
    private func check(_ host: CLIHost) throws {
        let log = try JSON(parsing: host.run(["log", "--format", "json"]).stdout)
        #expect(log["unreadable"]?.items.isEmpty == true, "\(log)")
        let results = log["changes"]?.items.compactMap { $0["result"]?.text } ?? []
        #expect(results.allSatisfy { ["done", "reverted"].contains($0) }, "\(results)")
    }
}
