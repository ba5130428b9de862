import Glibc
import TestSupport
import Testing

/// libvirt's own documents through a real daemon: only what must change changes, and every way there leads back, byte for byte. The judge,
/// `Tests/Documents`, shares no code with vfpool.
///
/// A run takes each twentieth guest; `VFPOOL_DOCUMENTS=1` takes all.
@Suite(
    .enabled(if: Rig.missing == nil, "no rig: \(Rig.missing ?? "")"),
    .enabled(if: Corpus.isThere, "the corpus is not there: run Tests/Corpus/fetch"))
struct DocumentsOnRigTests {
    /// One guest in how many is looked at.
    private static let every = getenv("VFPOOL_DOCUMENTS") != nil ? 1 : 20

    @Test(arguments: ["ordinary", "pinned"]) func `guests go to a pool and come back`(_ kind: String) throws {
        try Rig.with(.pf("eth3", vfs: 126, total: 126)) { rig in
            try check(rig, kind, "--every", "\(Self.every)")
        }
    }

    @Test func `pools made by hand are adopted and given back`() throws {
        try Rig.with((3..<15).map { .pf("eth\($0)", vfs: 4) }) { rig in try check(rig, "networks") }
    }

    /// Each of these commands also writes a description into a guest that it has no business with, and that has to be noticed.
    @Test(arguments: [
        ("bind", "only the interface changes"), ("undo", "undo"), ("apply", "apply is what the move was"),
        ("unbind", "unbind"),
    ])
    func `the judge notices`(_ command: String, _ rule: String) throws {
        try Rig.with(.pf("eth3", vfs: 8)) { rig in
            let program = "/usr/local/sbin/broken"
            try rig.write(
                program,
                """
                #!/bin/sh
                \(Rig.vfpool) "$@" || exit
                if [ $1 = \(command) ]; then virsh -q desc "$(virsh -q list --all --name | head -1)" --config broken >&2; fi
                """, mode: "755")
            let result = try run(rig, program, ["ordinary", "--every", "500"])
            #expect(result.status == 1 && result.stdout.contains("FAULT \(rule): "), "\(result)")
        }
    }

    private func check(_ rig: Rig, _ words: String...) throws {
        let result = try run(rig, Rig.vfpool, words)
        #expect(result.status == 0, "\(result)")
        if getenv("VFPOOL_HISTORY") != nil { print(result.stdout) }
    }

    private func run(_ rig: Rig, _ vfpool: String, _ words: [String]) throws -> CommandResult {
        let program = #filePath.split(separator: "/").dropLast(2).reduce("") { $0 + "/" + $1 } + "/Documents/check"
        return try rig.start([program, "--vfpool", vfpool, "--corpus", Corpus.folder] + words).wait(seconds: 1_500)
    }
}
