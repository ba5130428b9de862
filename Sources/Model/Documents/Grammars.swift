import Glibc
import Synchronization
package import Text
package import XML

/// libvirt's own grammars, loaded once, on first use: a document is held against them before it is shown or sent.
///
/// They come with libvirt's library (`libvirt0` on Debian 12, `libvirt-common` on Debian 13). Where they are missing the daemon's verdict has to do,
/// and where they are another version's than the daemon's (`Grammar`).
package enum Grammars {
    /// Where libvirt keeps them; `VFPOOL_SCHEMA_DIR` names another place.
    private static var folder: String {
        guard let path = getenv("VFPOOL_SCHEMA_DIR") else { return "/usr/share/libvirt/schemas" }
        return String(cString: path)
    }

    package static var areAvailable: Bool { access(folder + "/domaincommon.rng", R_OK) == 0 }

    /// One thread at a time, and nobody validates before: libxml2 makes its own types with the first grammar, and a second
    /// thread that does so meanwhile takes them away from the first, whose verdict is then wrong.
    private static let loading = Mutex(())
    private static let network = Mutex<Schema?>(nil)
    private static let domain = Mutex<Schema?>(nil)
    private static let interface = Mutex<Schema?>(nil)

    /// What the document had before is not held against it: libvirt keeps it.
    ///
    /// - Throws: `invalid-document` with libvirt's grammar's words.
    package static func check(network document: Document, before: Document?, name: Name) throws(Failure) {
        let schema = try load(network) { () throws(XMLError) in try Schema(file: folder + "/network.rng") }
        let problems = schema?.problems(in: document) ?? []
        guard !problems.isEmpty else { return }
        try report(problems.new(since: before.flatMap { schema?.problems(in: $0) } ?? []), "network \(name)")
    }

    /// Every network document that these steps write.
    package static func check(networksIn items: [Plan.Item], _ state: State) throws(Failure) {
        guard state.networkGrammar == .here else { return }
        for case .defineNetwork(let change) in items.map(\.step) {
            guard let after = change.after else { continue }
            let (document, before) = try readable("network \(change.name)") { () throws(XMLError) in
                (
                    try Document(parsing: after),
                    try change.before.map { (text) throws(XMLError) in try Document(parsing: text) }
                )
            }
            try check(network: document, before: before, name: change.name)
        }
    }

    /// The interfaces that were changed, where nothing else was: in the grammar a guest's devices may be any interfaces, so a
    /// valid one in the place of another leaves the guest as valid as it was. Else the whole guest; where that is not valid,
    /// the interface first, whose grammar says better what is wrong in it.
    ///
    /// A guest that was not valid before is only held to its interface, and to what was not wrong with one of its interfaces
    /// before: libvirt itself keeps such guests.
    ///
    /// - Parameter former: elements that the guest had before that, and that are put back.
    package static func check(
        guest document: Document, interfaces: [Element], before: Document, former: [Document] = [], name: Name,
        _ state: State
    ) throws(Failure) {
        guard state.grammar == .here else { return }
        if interfaces.allSatisfy({ $0.name == "interface" }) {
            let fragment = try interfaceSchema()
            guard let fragment, interfaces.contains(where: { !fragment.problems(in: $0).isEmpty }) else { return }
        }
        let whole = try load(domain) { () throws(XMLError) in try Schema(file: folder + "/domain.rng") }
        // A refusal is looked at twice: a verdict that was wrong because of another thread was seen once.
        guard let whole, !whole.problems(in: document).isEmpty, case let problems = whole.problems(in: document),
            !problems.isEmpty
        else { return }
        let fragment = try interfaceSchema()
        let before = before.copy()
        let devices = try? GuestReader.devices(in: before).devices
        for element in former { _ = devices?.append(element.root) }
        let wasValid = whole.problems(in: before).isEmpty
        let known = wasValid ? [] : (devices?.all("interface") ?? []).flatMap { fragment?.problems(in: $0) ?? [] }
        // One that becomes a plain hostdev again is only part of the whole.
        for element in interfaces where element.name == "interface" {
            try report((fragment?.problems(in: element) ?? []).new(since: known), "an interface of guest \(name)")
        }
        guard wasValid else { return }
        try report(problems, "guest \(name)")
    }

    private static func interfaceSchema() throws(Failure) -> Schema? {
        try load(interface) { () throws(XMLError) in
            try Schema(
                text: String(decoding: PackageResources.interface_rng, as: UTF8.self), includePath: folder)
        }
    }

    private static func load(
        _ slot: borrowing Mutex<Schema?>, _ make: () throws(XMLError) -> Schema
    ) throws(Failure) -> Schema? {
        guard areAvailable else { return nil }
        if let known = slot.withLock({ $0 }) { return known }
        do throws(XMLError) {
            return try loading.withLock { (_) throws(XMLError) in
                if let known = slot.withLock({ $0 }) { return known }
                let schema = try make()
                slot.withLock { $0 = schema }
                return schema
            }
        } catch {
            throw Failure(
                .invalidDocument, "libvirt's grammar in \(folder) can't be used", cause: error.message,
                hints: ["reinstall libvirt's library package"])
        }
    }

    private static func report(_ problems: [Problem], _ subject: String) throws(Failure) {
        guard !problems.isEmpty else { return }
        throw Failure(
            .invalidDocument, "the planned document of \(subject) is not valid to libvirt",
            cause: problems.prefix(4).map(\.description).joined(separator: "; "),
            hints: ["nothing was changed"])
    }
}

extension [Problem] {
    /// Without those that were there before, wherever they stood.
    fileprivate func new(since former: [Problem]) -> [Problem] {
        let known = Set(former.map { Name($0.message) })
        return filter { !known.contains(Name($0.message)) }
    }
}
