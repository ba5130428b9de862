package import Text

/// A step as the journal keeps it: its documents lie beside as plain XML, useful without vfpool.
package struct StepRecord: Sendable, Codable, Equatable {
    package enum Kind: String, Sendable, Codable {
        case defineNetwork, undefineNetwork, startNetwork, stopNetwork, setAutostart, reserve, release, defineGuest
        case unplug, plug, writeFile
        /// By the word that journals have had from the first.
        case setPF = "setPort"
    }

    package var number: Int
    package var kind: Kind
    /// The network's or guest's name, or the file's path.
    package var name: Name
    package var uuid: String?
    package var isUpkeep: Bool
    /// The part of the plan that it belongs to; nil in plans of one part.
    package var part: Int?
    package var detail: String?
    package var autostart: Bool?
    package var reservation: Reservation?
    /// A live device's MAC and function.
    package var mac: String?
    package var address: String?
    package var isTeamed: Bool?
    package var isPersistentHalf: Bool?
    /// A file's permissions, those it had, and whether its folder was made for it.
    package var mode: UInt32?
    package var formerMode: UInt32?
    package var makesFolder: Bool?
    package var pf: PFChange?
    /// File names in the entry's folder; nil for "there was none".
    package var before: String?
    package var after: String?
    /// What libvirt made of `after`; written when the step was done.
    package var stored: String?

    private enum CodingKeys: String, CodingKey {
        case number, kind, name, uuid, isUpkeep, part, detail, autostart, reservation, mac, address, isTeamed
        case mode, formerMode, makesFolder, before, after, stored
        case isPersistentHalf = "isLasting"
        case pf = "port"
    }
}
