package import Model
import Text
import XML

/// The program that defines a guest, by what it leaves in the guest's metadata: it may write its own document again.
package enum GuestOwner {
    private static let owners: [(namespace: String, name: String, way: String)] = [
        ("http://openstack.org/xmlns/libvirt/nova/", "OpenStack", "at the next hard reboot, resize or migration"),
        ("http://ovirt.org/vm/", "oVirt", "at the next start"),
    ]

    /// What to know of a plan that changes such guests.
    package static func warnings(_ plan: Plan) -> [Diagnostic] {
        var warnings: [Diagnostic] = []
        for item in plan.items where !item.isUpkeep {
            guard case .defineGuest(let change) = item.step, let before = change.before, let owner = owner(of: before)
            else { continue }
            warnings.append(
                Diagnostic(
                    .otherOwner,
                    "guest \(change.name) is \(owner.name)'s, which rewrites the guest's document \(owner.way): this change is then lost",
                    hints: ["make the change in \(text: owner.name), too"],
                    fold: Fold(
                        "guest", change.name,
                        "are \(owner.name)'s, which rewrites their documents \(owner.way): this change is then lost",
                        hints: ["make the change in \(text: owner.name), too"])))
        }
        return warnings
    }

    private static func owner(of text: String) -> (namespace: String, name: String, way: String)? {
        guard let owner = owners.first(where: { text.holds(bytes: $0.namespace) }),
            let document = try? Document(parsing: text),
            let metadata = document.root.first("metadata"),
            metadata.children.contains(where: { $0.namespaceURI?.hasPrefix(bytes: owner.namespace) ?? false })
        else { return nil }
        return owner
    }
}
