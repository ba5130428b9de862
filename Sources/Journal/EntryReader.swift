import CLinux
import FoundationEssentials
import Model
import Text

/// Reads one change's folder.
struct EntryReader {
    /// More than a change of ten thousand guests needs.
    static let page = "change.json"
    static let progress = "progress.jsonl"
    static let headerLimit = 16 << 20
    static let progressLimit = 64 << 20

    let name: ChangeName
    let folder: OwnFolder
    private let decoder = JSONDecoder()

    init(_ name: ChangeName, _ folder: OwnFolder) {
        self.name = name
        self.folder = folder
    }

    /// - Throws: `journal` for an entry that is damaged, or a later vfpool's.
    func entry() throws(Failure) -> Entry {
        let header = try header(folder.bytes(Self.page, limit: Self.headerLimit))
        let lines = try? folder.bytes(Self.progress, limit: Self.progressLimit)
        let (progress, isWhole) = progress(lines ?? [], steps: header.steps.count)
        return Entry(
            header: header, steps: try withStored(header.steps), progress: progress,
            isProgressLost: lines == nil || !isWhole)
    }

    /// Whether an id stands anywhere on its first page.
    func mentions(_ id: String) -> Bool {
        guard let page = try? folder.bytes(Self.page, limit: Self.headerLimit) else { return false }
        return page.withUnsafeBytes { page in
            var id = id
            return id.withUTF8 { memmem(page.baseAddress, UInt(page.count), $0.baseAddress, UInt($0.count)) != nil }
        }
    }

    private func header(_ text: [UInt8]) throws(Failure) -> EntryHeader {
        let data = Data(text)
        do {
            let header = try decoder.decode(EntryHeader.self, from: data)
            try checkVersion(header.version)
            if let fault = EntryChecks.fault(header, in: name) { throw damaged(fault) }
            return header
        } catch let failure as Failure {
            throw failure
        } catch {
            // What a later one wrote may look otherwise.
            if let version = try? decoder.decode(Version.self, from: data).version { try checkVersion(version) }
            throw damaged("\(error)")
        }
    }

    private struct Version: Decodable { var version: Int }

    private func checkVersion(_ version: Int) throws(Failure) {
        guard version > EntryHeader.currentVersion else { return }
        throw Failure(
            .journal, "change \(name.text) was written by a later vfpool",
            hints: ["use that version, or restore by hand from the documents in \(text: folder.path)"])
    }

    private func damaged(_ cause: String) -> Failure {
        Failure(.journal, "could not make sense of the journal in \(folder.path)", cause: cause)
    }

    /// The last line may be torn: the power went while it was written, so what it says did not happen. Any other that makes
    /// no sense could have told anything.
    private func progress(_ text: [UInt8], steps: Int) -> (records: [ProgressRecord], isWhole: Bool) {
        var records: [ProgressRecord] = []
        var isWhole = true
        var rest = text[...]
        while !rest.isEmpty {
            let line = rest.prefix { $0 != UInt8(ascii: "\n") }
            rest = rest[line.endIndex...]
            let isTorn = rest.popFirst() == nil
            if line.isEmpty { continue }
            if let record = try? decoder.decode(ProgressRecord.self, from: Data(line)),
                EntryChecks.isSound(record, steps: steps)
            {
                records.append(record)
            } else if !isTorn {
                isWhole = false
            }
        }
        return (records, isWhole)
    }

    private func withStored(_ steps: [StepRecord]) throws(Failure) -> [StepRecord] {
        let names = try folder.names()
        var stored = Set(names.filter { $0.hasSuffix(bytes: ".stored.xml") }.map { Name($0) })
        if names.contains(where: { $0.isSame(as: DocumentPack.stored) }),
            let pack = try? DocumentPack(DocumentPack.stored, in: folder)
        {
            stored.formUnion(pack.names)
        }
        guard !stored.isEmpty else { return steps }
        return steps.map { step in
            guard let file = step.after?.replacing(bytes: ".after.xml", with: ".stored.xml"),
                stored.contains(Name(file))
            else {
                return step
            }
            var step = step
            step.stored = file
            return step
        }
    }
}
