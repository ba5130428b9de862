import ArgumentParser
import Journal
import Model
import Reading
import Spec
import Text

/// Which spec is meant, and how much of it.
struct SpecArguments: ParsableArguments {
    @Option(
        name: [.customShort("f"), .long],
        help: ArgumentHelp(
            "The spec: a file, a folder of .yaml, .yml and .json files, or - for stdin; repeatable.",
            valueName: "file|folder|-"),
        completion: .file(extensions: ["yaml", "yml", "json"]))
    var file: [String] = []

    @Flag(help: "Treat as unwanted: vfpool's pools that the spec does not have, and portgroups of its pools.")
    var prune = false

    func validate() throws {
        if file.isEmpty { throw ValidationError("name a spec: --file FILE") }
    }

    /// The same for a process that asks one of many hosts: it has no stdin, and none of the files that the shell has opened.
    var optionsForEach: [String] {
        get throws(Failure) {
            if let path = file.first(where: { path in
                path.isSame(as: "-") || path.hasPrefix(bytes: "/dev/") || path.hasPrefix(bytes: "/proc/")
            }) {
                throw Failure(
                    .usage, "with --hosts the spec has to be a file or a folder, which \(path) is not",
                    hints: ["write it to a file, and name that"])
            }
            // What is wrong with it is said once, before any host is asked.
            for path in file { for text in try SpecFiles(path).texts { _ = try text.spec() } }
            return file.map { "--file=\($0)" } + (prune ? ["--prune"] : [])
        }
    }

    /// What the files say of this host.
    ///
    /// - Throws: `bad-spec`, `other-host`.
    func spec(_ host: Host) throws(Failure) -> HostSpec {
        let identity = host.identity()
        var whole = HostSpec()
        var others: [String] = []
        for path in file {
            let files = try SpecFiles(path)
            for text in files.texts {
                let spec = try text.spec()
                guard spec.isFor(identity) else {
                    others.append("\(text.name) is for host \((spec.host ?? "").shown)")
                    // Of a folder those of other hosts are left out; a file that is named has to be meant.
                    if files.isFolder { continue }
                    throw Self.otherHost(others, identity)
                }
                whole = try whole.merged(with: spec)
            }
            if files.isFolder, others.count == files.texts.count { throw Self.otherHost(others, identity) }
        }
        return whole
    }

    private static func otherHost(_ others: [String], _ identity: HostIdentity) -> Failure {
        Failure(
            .otherHost, "the spec is not for this \(identity.title)", cause: others.prefix(5).joined(separator: "; "),
            hints: ["leave out the line host: where it is for any host"])
    }
}

extension HostSpec {
    /// Whether it is for the host: by its name, with or without its domain, or its UUID.
    fileprivate func isFor(_ identity: HostIdentity) -> Bool {
        guard let host else { return true }
        let wanted = host.string.asciiLowercased
        if let uuid = identity.uuid, HostIdentity(uuid: wanted).uuid.isSame(as: uuid) { return true }
        guard let name = identity.name?.asciiLowercased else { return false }
        if name.isSame(as: wanted) { return true }
        return !wanted.contains(bytes: ".") && (name.cut(at: ".")?.before ?? name[...]).isSame(as: wanted)
    }
}
