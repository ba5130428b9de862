import SRIOV
import Text

/// A MAC that several interfaces have, in words: the same ones whichever of its guests is looked at, so that it is said once.
struct SharedMAC {
    let mac: MACAddress
    /// Who has it, sorted.
    let guests: [Name]

    init(_ mac: MACAddress, of guests: [Name]) {
        self.mac = mac
        self.guests = Set(guests).sorted()
    }

    var message: String {
        guests.count == 1
            ? "guest \(guests[0]) has the MAC \(mac) at several interfaces"
            : "the MAC \(mac) is that of \(Words.list(guests.map { "guest \($0)" })): they disturb each other when they run at once"
    }

    var hints: [Hint] { guests.last.map { ["give one another: `virsh edit \(shell: $0)`"] } ?? [] }

    var fold: Fold {
        Fold(
            "MAC", "\(mac) (\(Words.list(guests)))",
            "are each that of several interfaces, which disturb each other when they run at once",
            hints: ["give one another: `virsh edit GUEST`"])
    }
}
