import Text

/// Every JSON shape that vfpool prints; `docs/reference/schema.json` has them as a JSON Schema, and `docs/json.md` explains them.
///
/// Each document is an object with `version`. Within a version fields are added, never renamed or given another
/// meaning. Configuration (what was asked for, and lasts) and status (what is) stand apart. A field without a value is
/// `null`; if that is because it can't be known, the object's `unknown` has the field's name with the reason.
enum Schema {
    static let version = 1

    // MARK: Envelopes

    /// stdout of `list`.
    struct ListEnvelope: Encodable {
        var version = Schema.version
        /// Where libvirt was asked.
        var uri: String
        /// Sorted by name; without `functions`.
        var pools: [Pool]
    }

    /// stdout of `status`: everything, or what the name stands for.
    struct StatusEnvelope: Encodable {
        var version = Schema.version
        var uri: String
        /// Sorted by name.
        var pools: [Pool]
        /// Sorted by PCI address.
        var pfs: [PF]
        /// Sorted by name.
        var guests: [Guest]
        var findings: [Finding]

        private enum CodingKeys: String, CodingKey {
            case version, uri, pools, guests, findings
            case pfs = "ports"
        }
    }

    /// stdout of every command that changes something, with `--dry-run` or without.
    struct ChangeEnvelope: Encodable {
        var version = Schema.version
        /// The change's name in the journal; `null` if nothing was changed.
        @Nullable var change: String?
        /// Whether anything was changed.
        var changed: Bool
        /// Whether it was only a plan by `--dry-run`.
        var dryRun: Bool
        var plan: Plan
        /// What was done, in sentences; empty if nothing was.
        var summary: [String]
        /// `migrate` only: left out by the others.
        var migration: Migration?
    }

    /// stdout of `log`.
    struct LogEnvelope: Encodable {
        var version = Schema.version
        /// Newest first.
        var changes: [Change]
        /// Names of entries that can't be read.
        var unreadable: [String]
        /// How many older ones `--limit` left out.
        var older: Int
    }

    /// stdout of `log --prune-older-than`.
    struct PruneEnvelope: Encodable {
        var version = Schema.version
        /// Whether nothing was removed because of `--dry-run`.
        var dryRun: Bool
        /// Oldest first.
        var removed: [String]
        /// Those that are old enough and stay.
        var kept: [KeptChange]
        /// How many are not old enough.
        var younger: Int
    }

    struct KeptChange: Encodable {
        var id: String
        /// `unreadable`, `other-host`, `in-place`, `undoable`, `former-interface`, `resumed`, `undoes`, `newest`.
        var reason: String
    }

    /// stdout of `hook status`.
    struct HookEnvelope: Encodable {
        var version = Schema.version
        var files: [HookFile]
        /// Paths of other hooks that libvirt runs for networks and guests.
        var others: [String]
        /// When libvirt last ran the hook, since the host started; `null`: not yet, or it can't be seen.
        @Nullable var lastRun: String?
    }

    struct HookFile: Encodable {
        var path: String
        /// `installed`, `missing`, `not-executable`, `differs`, `foreign`, `unknown`.
        var state: String
    }

    /// stderr of any command that failed; stdout is empty then.
    struct ErrorEnvelope: Encodable {
        var version = Schema.version
        var error: Problem
    }

    struct Problem: Encodable {
        /// Stable, kebab-case.
        var code: String
        var message: String
        @Nullable var cause: String?
        var hints: [String]
    }

    // MARK: Pools and functions

    struct Pool: Encodable {
        var name: Name
        var configuration: PoolConfiguration
        var status: PoolStatus
        var unknown: [String: String]
    }

    struct PoolConfiguration: Encodable {
        var uuid: String
        /// The PF's netdev, else its PCI address; `null` if none is on the host.
        @Nullable var pf: Name?
        @Nullable var pfAddress: String?
        /// All of them; the first that is on the host is `pf`.
        var pfs: [PoolPF]
        @Nullable var title: Name?
        @Nullable var description: Name?
        @Nullable var vlan: Int?
        /// The VFIO driver that its document names; `null` leaves it to libvirt.
        @Nullable var driverModel: Name?
        @Nullable var iommufd: Bool?
        var portgroups: [Portgroup]
        /// What it wants of all its functions.
        var settings: Settings
        /// The part of `pf` that the pool covers, as `4-7,9`; `null` for all of it.
        @Nullable var vfs: String?
        var autostart: Bool
        /// Whether it carries vfpool's mark.
        var managed: Bool
        var persistent: Bool
    }

    struct Portgroup: Encodable {
        var name: Name
        @Nullable var vlan: Int?
        var isDefault: Bool
        /// What it wants of its interfaces' functions.
        var settings: Settings

        enum CodingKeys: String, CodingKey {
            case name, vlan, settings
            case isDefault = "default"
        }
    }

    /// VF settings that libvirt has no words for; `null`: nothing is said, or the driver says nothing.
    struct Settings: Encodable {
        @Nullable var trust: Bool?
        @Nullable var spoofCheck: Bool?
        /// Mbit/s; 0: none.
        @Nullable var maxRate: Int?
        @Nullable var minRate: Int?
        /// `auto`, `enable`, `disable`.
        @Nullable var linkState: String?
        @Nullable var vlanQoS: Int?
        /// `802.1Q`, `802.1ad`.
        @Nullable var vlanProtocol: String?
    }

    struct PoolStatus: Encodable {
        var active: Bool
        /// `null` where it can't be known which functions the pool has.
        @Nullable var counts: Counts?
        /// Guests that point at the pool, or have a function of it.
        var guests: [Name]
        /// In index order; left out by `list`.
        var functions: [Function]?
    }

    /// How many functions have which use.
    struct Counts: Encodable {
        var total: Int
        var free: Int
        var later: Int
        var taken: Int
        var reserved: Int
        var outside: Int
        var host: Int
        var unknown: Int
    }

    struct Function: Encodable {
        /// `null` for one that a pool lists, but that the host does not have.
        @Nullable var index: Int?
        /// `0000:03:10.2`.
        var address: String
        @Nullable var pf: Name?
        /// `free`, `later`, `taken`, `reserved`, `outside`, `host`, `unknown`.
        var use: String
        /// What the host does with it, or why its use is unknown.
        @Nullable var reason: String?
        /// Pools that cover it.
        var pools: [Name]
        @Nullable var guest: Name?
        @Nullable var guestUUID: String?
        @Nullable var interface: Interface?
        /// As the guest's document has it.
        @Nullable var mac: String?
        /// As the kernel says.
        @Nullable var actualMAC: String?
        @Nullable var vlan: Int?
        @Nullable var driver: String?
        @Nullable var iommuGroup: Int?
        @Nullable var numaNode: Int?
        /// What is wanted of it that libvirt has no words for.
        var wantedSettings: Settings
        /// What it has of these.
        @Nullable var actualSettings: Settings?
        /// Everyone else who counts on it.
        var otherHolders: [String]
        /// Field → why it can't be known. `hostUse` stands for what the host does with a function that looks free.
        var unknown: [String: String]
    }

    struct Interface: Encodable {
        /// As `bind --interface` counts.
        var index: Int
        @Nullable var alias: Name?
    }

    // MARK: PFs

    struct PF: Encodable {
        /// The netdev, else the PCI address.
        var name: Name
        var address: String
        var configuration: PFConfiguration
        var status: PFStatus
        var unknown: [String: String]
    }

    struct PFConfiguration: Encodable {
        @Nullable var netdev: Name?
        var otherNetdevs: [Name]
        @Nullable var permanentMAC: String?
        var enabledVFs: Int
        @Nullable var possibleVFs: Int?
        /// Pools on the PF.
        var pools: [Name]
    }

    struct PFStatus: Encodable {
        @Nullable var up: Bool?
        /// Whether the cable has a link; `null` while the PF is down.
        @Nullable var carrier: Bool?
        @Nullable var mac: String?
        @Nullable var driver: String?
        @Nullable var iommuGroup: Int?
        @Nullable var numaNode: Int?
        var counts: Counts
        var functions: [Function]
    }

    // MARK: Plans and changes

    struct Plan: Encodable {
        /// In the order in which they are taken.
        var steps: [Step]
        /// One object's document before and after the whole plan, as a diff without secrets.
        var documents: [DocumentDiff]
        var add: Int
        var change: Int
        var remove: Int
        var warnings: [Finding]
        var notes: [String]
    }

    struct Step: Encodable {
        /// `add`, `change`, `remove`.
        var effect: String
        /// `network vfpool-eth3`, `guest vm1`.
        var subject: String
        var action: String
        @Nullable var detail: String?
        /// Whether it only brings reservations and documents in line.
        var upkeep: Bool
        /// Whether it cuts a running guest's link.
        var cutsLink: Bool
    }

    struct DocumentDiff: Encodable {
        var subject: String
        /// `add`, `change`, `remove`.
        var effect: String
        /// In the unified form.
        var diff: String
    }

    /// A warning or a note; `code` is stable.
    struct Finding: Encodable {
        var code: String
        /// `warning` or `note`.
        var severity: String
        var message: String
        var hints: [String]
    }

    /// An entry of the journal.
    struct Change: Encodable {
        var id: String
        /// ISO 8601 with zone.
        var time: String
        /// `null` for a change that never ended.
        @Nullable var endTime: String?
        var user: String
        var uri: String
        /// `null` in journals of earlier vfpools.
        @Nullable var host: ChangeHost?
        var command: [String]
        /// `done`, `reverted`, `failed`, `unfinished`.
        var result: String
        /// The change that this one took back.
        @Nullable var undoes: String?
        /// The change that took this one back.
        @Nullable var undoneBy: String?
        @Nullable var error: String?
        @Nullable var message: String?
        /// The folder with the documents.
        var folder: String
        var steps: [ChangeStep]
    }

    /// The machine that a change was made on.
    struct ChangeHost: Encodable {
        /// What it calls itself.
        @Nullable var name: String?
        /// libvirt's UUID of it, without dashes.
        @Nullable var uuid: String?
        /// Whether it is this machine; `null`: that can't be told.
        @Nullable var here: Bool?
    }

    struct ChangeStep: Encodable {
        /// From 1.
        var number: Int
        var subject: String
        var action: String
        /// `waiting`, `begun`, `done`, `reverted`.
        var progress: String
        var upkeep: Bool
        /// File names in the change's folder.
        @Nullable var before: String?
        @Nullable var after: String?
    }
}
