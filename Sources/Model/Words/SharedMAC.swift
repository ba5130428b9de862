package import SRIOV
package import Text

/// A MAC that several interfaces have, in words: the same ones whichever of its guests is looked at, so that it is said once.
package struct SharedMAC {
    let mac: MACAddress
    /// Who has it, sorted.
    package let guests: [Name]

    package init(_ mac: MACAddress, of guests: [Name]) {
        self.mac = mac
        self.guests = Set(guests).sorted()
    }

    package var message: String {
        guests.count == 1
            ? "guest \(guests[0]) has the MAC \(mac) at several interfaces"
            : "the MAC \(mac) is that of \(Words.list(guests.map { "guest \($0)" })): they disturb each other when they run at once"
    }

    package var hints: [Hint] { guests.last.map { ["give one another: `virsh edit \(shell: $0)`"] } ?? [] }

    package var fold: Fold {
        Fold(
            "MAC", "\(mac) (\(Words.list(guests)))",
            "are each that of several interfaces, which disturb each other when they run at once",
            hints: ["give one another: `virsh edit GUEST`"])
    }
}
