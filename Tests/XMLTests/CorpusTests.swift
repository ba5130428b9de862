import Testing
import XML

@Suite("libvirt's own documents", .timeLimit(.minutes(30)))
struct CorpusTests {
    private static let absent: Comment = "no corpus: run Tests/Corpus/fetch, or set VFPOOL_CORPUS"
    private static let noSchemas: Comment = "libvirt's grammars are not installed in /usr/share/libvirt/schemas"

    @Test("are read or refused, and come out as they went in", .enabled(if: Corpus.isThere, absent))
    func roundTrip() throws {
        let paths = Corpus.documents()
        #expect(paths.count >= max(1, Corpus.atLeast(3_000)))
        var refused: [String] = []
        for path in paths {
            guard let document = try? Document(parsing: Corpus.read(path)) else {
                refused.append(path)
                continue
            }
            let text = document.serialized()
            let canonical = document.canonical()
            let again = try Document(parsing: text)
            #expect(again.serialized() == text, "\(path)")
            #expect(again.canonical() == canonical, "\(path)")
            #expect(try Document(parsing: canonical).canonical() == canonical, "\(path)")
            #expect(Subset.differences(planned: document.root, stored: again.root) == [], "\(path)")
        }
        // Some only carry the name: an empty one, one with two roots.
        #expect(refused.count <= paths.count / 100, "\(refused)")
    }

    @Test(
        "valid guests stay valid in canonical form",
        .enabled(if: Corpus.isThere, absent), .enabled(if: LibvirtSchemas.areThere, noSchemas))
    func validity() throws {
        let schema = try Schema(file: LibvirtSchemas.folder + "/domain.rng")
        var valid = 0
        for path in Corpus.documents() {
            guard let document = try? Document(parsing: Corpus.read(path)), document.root.name == "domain",
                schema.problems(in: document).isEmpty
            else { continue }
            valid += 1
            let problems = schema.problems(in: try Document(parsing: document.canonical()))
            #expect(problems == [], "\(path)")
        }
        #expect(valid >= Corpus.atLeast(1_500))
    }

    @Test("an edit changes its own line only, and undone it changes nothing", .enabled(if: Corpus.isThere, absent))
    func edits() throws {
        var edited = 0
        for path in Corpus.documents() {
            guard let document = try? Document(parsing: Corpus.read(path)),
                let devices = document.root.first("devices")?.children, let last = devices.last
            else { continue }
            let before = document.serialized()
            last[attribute: "vfpool"] = "1"
            #expect(lines(document.serialized(), differingFrom: before) == 1, "\(path)")
            last[attribute: "vfpool"] = nil
            for device in devices {
                edited += 1
                let parent = try #require(device.parent)
                parent.insert(device, before: device).remove()
                parent.insert(device, after: device).remove()
            }
            for child in document.root.children { child.replace(with: child) }
            #expect(document.serialized() == before, "\(path)")
        }
        #expect(edited >= Corpus.atLeast(10_000))
    }

    /// How many lines differ, place by place; nil if there are not as many.
    private func lines(_ text: String, differingFrom other: String) -> Int? {
        let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let others = other.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard lines.count == others.count else { return nil }
        return zip(lines, others).count { !$0.elementsEqual($1) }
    }
}
