package import Model
package import SRIOV
package import Text
import YAML

/// What of a host `vfpool status --format json` told, for where there is no host to ask: its VFs, and its pools.
package struct KnownHost: Sendable {
    package struct Pool: Sendable {
        package var name: Name
        package var vlan: Int?
        package var portgroups: [Portgroup]
    }

    package private(set) var functions: Set<PCIAddress> = []
    package private(set) var pools: [Pool] = []

    /// - Throws: `bad-spec` for what is no such document.
    package init(_ text: SpecText) throws(Failure) {
        let root = try text.node()
        guard let pfs = Self.items(root["ports"]), let pools = Self.items(root["pools"]) else {
            throw text.failure(
                "it is not what `vfpool status --format json` prints", at: nil,
                hints: ["print it on the host: `vfpool status --format json > status.json`"])
        }
        // Of a PF that a pool covers, the pool has the VFs.
        for function in (pfs + pools).compactMap({ Self.items($0["status"]?["functions"]) }).joined() {
            if let address = function["address"]?.text.flatMap({ PCIAddress($0) }) { functions.insert(address) }
        }
        for pool in pools {
            guard let name = pool["name"]?.text else { continue }
            let groups = Self.items(pool["configuration"]?["portgroups"]) ?? []
            self.pools.append(
                Pool(
                    name: Name(name), vlan: Self.number(pool["configuration"]?["vlan"]),
                    portgroups: groups.map { group in
                        Portgroup(
                            name: Name(group["name"]?.text ?? ""), vlan: Self.number(group["vlan"]),
                            isDefault: group["default"]?.text.map { Name($0) == "true" } ?? false)
                    }))
        }
    }

    private static func items(_ node: Node?) -> [Node]? {
        guard case .list(let items) = node?.content else { return nil }
        return items
    }

    private static func number(_ node: Node?) -> Int? { node?.text.flatMap { Int(digits: $0) } }
}

extension Node {
    /// The value of a key; nil where it is no map, or has no such key.
    fileprivate subscript(key: Name) -> Node? {
        guard case .map(let entries) = content else { return nil }
        return entries.first { $0.key == key }?.value
    }

    /// Nil for lists, maps and `null`.
    fileprivate var text: String? {
        guard !isNull, case .scalar(let text, _) = content else { return nil }
        return text
    }
}
