import Model
import Text
import XML

/// How vfpool names the halves of a pair.
enum PairNames {
    static let persistent = "ua-failover-"
    static let transient = "ua-vf-"

    /// The element's own name, else this one, with a number if another device has it. Names without `ua-` libvirt gives anew
    /// at every start.
    static func name(_ element: Element, _ name: String, _ edit: GuestEdit) throws(Failure) -> String {
        if let known = element.first("alias")?[attribute: "name"], known.hasPrefix(bytes: "ua-") { return known }
        let taken = Set(try edit.devices.children.compactMap { $0.first("alias")?[name: "name"] })
        var free = name
        var number = 2
        while taken.contains(Name(free)) {
            free = "\(name)-\(number)"
            number += 1
        }
        let alias = element.first("alias") ?? element.addChild("alias", before: element.first("address"))
        alias[attribute: "name"] = free
        return free
    }
}
