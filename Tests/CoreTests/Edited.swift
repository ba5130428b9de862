import TestSupport
import XML

extension PretendHost {
    /// What someone with `virsh edit` does.
    mutating func editEverything() throws {
        for network in networks.values { networks[network.name]?.persistent = try network.persistent.map(Self.edited) }
        for guest in guests.values { guests[guest.uuid]?.persistent = try guest.persistent.map(Self.edited) }
    }

    mutating func edit(guest uuid: String) throws {
        let edited = try guests[uuid]?.persistent.map(Self.edited)
        guests[uuid]?.persistent = edited
    }

    /// Whether all such edits are still there.
    var isEdited: Bool {
        (networks.values.compactMap(\.persistent) + guests.values.compactMap(\.persistent)).allSatisfy {
            $0.contains(Self.note)
        }
    }

    private static let note = "<title>by hand</title>"

    private static func edited(_ text: String) throws -> String {
        let document = try Document(parsing: text)
        document.root.addChild("title", before: document.root.children.dropFirst().first).text = "by hand"
        return document.canonical()
    }
}
