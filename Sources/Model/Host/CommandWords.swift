package import Text

// What names a guest or a network in a command. virsh takes a number for that of a running guest, then what has the form of a
// UUID for one, then the rest for a name; so does vfpool, but for numbers. A name that would mean another is not said.

extension Guest {
    package var word: Name { CommandWord.guest(name, uuid) }
}

extension NetworkState {
    package var word: Name { CommandWord.network(name, uuid) }
}

extension State {
    /// What names, in a command, the network that documents call so.
    package func word(ofNetwork name: Name) -> Name { network(name)?.word ?? name }
}

extension Claim {
    /// The guest's; nil where none has it.
    package var guestWord: Name? {
        guestName.map { name in guestUUID.map { CommandWord.guest(name, $0) } ?? name }
    }
}

package enum CommandWord {
    package static func guest(_ name: Name, _ uuid: String) -> Name {
        name.string.utf8.allSatisfy(\.isDigit) ? Name(uuid) : network(name, uuid)
    }

    static func network(_ name: Name, _ uuid: String) -> Name {
        UUIDText.normal(name.string) == nil ? name : Name(uuid)
    }
}
