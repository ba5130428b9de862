import TestSupport
import Testing

/// Commands for many guests at once.
@Suite(.enabled(if: Rig.missing == nil, "no rig: \(Rig.missing ?? "")"))
struct ManyGuestsFieldTests {
    @Test func `what is said of a sweep is a screen, and with verbose each of it`() throws {
        let names = (0..<12).map { "vm\($0)" }
        let guests = names.enumerated().map { number, name in
            RigPart.guest(
                name,
                .pinned(
                    "eth3", number, mac: OnRig.mac(10 + number),
                    inside: "<model type='virtio'/><target dev='t\(number)'/>"))
        }
        let settings = Dictionary(uniqueKeysWithValues: (0..<12).map { ($0, RigVFSettings(trust: true)) })
        try Rig.with([.pf("eth3", vfs: 16, settings: settings)] + guests) { rig throws in
            #expect(try rig.vfpool("create", "eth3", "-q").status == 0)
            for words in [["bind"] + names, ["migrate", "--all"]] {
                let said = try rig.start([Rig.vfpool] + words + ["--dry-run"]).wait()
                #expect(said.status == 0, "\(said)")
                let lines = said.stderr.split(separator: "\n")
                #expect(lines.count <= 16, "\(words): \(said.stderr)")
                #expect(
                    said.stderr.contains("12 guests have VF settings that were set through the PF"), "\(said.stderr)")
                let each = try rig.start([Rig.vfpool] + words + ["--dry-run", "--verbose"]).wait()
                for name in names {
                    #expect(each.stderr.contains("`vfpool set \(name) --interface "), "\(each.stderr)")
                }
                let json = try rig.start([Rig.vfpool] + words + ["--dry-run", "--format", "json"]).wait()
                #expect(json.stdout.split(separator: "\"stays-with-vf\"").count == 13, "\(json.stdout)")
            }
            let done = try rig.start([Rig.vfpool, "bind"] + names + ["vm0"]).wait()
            #expect(done.status == 0, "\(done)")
        }
    }
}
