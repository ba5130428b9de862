import Model
import SRIOV
import Text
import XML

/// A guest's inactive document while it is being planned: the text that was read, and the one being edited.
struct GuestEdit {
    let guest: Guest
    let document: Document
    private let before: Document
    private var edited: [Element] = []
    private var details: [String] = []
    /// Elements that libvirt has had in the guest's document before, and that are put back.
    private var former: [Document] = []
    /// What is to be asked of PFs' drivers before it is written.
    var trials: [SettingsTrial] = []

    /// - Throws: `transient-guest`: there is no inactive document to edit.
    init(_ guest: Guest) throws(Failure) {
        guard guest.isPersistent else {
            throw Failure(
                .transientGuest, "guest \(guest.name) is transient: it has no configuration that lasts",
                hints: ["define it first, from a file: `virsh define FILE`"])
        }
        self.guest = guest
        let documents = try readable("guest \(guest.name)") { () throws(XMLError) in
            let before = try Document(parsing: guest.inactiveXML)
            return (before, before.copy())
        }
        before = documents.0
        document = documents.1
    }

    /// Elements stay the same when others are replaced, so they are found before anything is edited.
    func element(_ interface: GuestInterface) throws(Failure) -> Element {
        try readable("guest \(guest.name)") { () throws(XMLError) in try document.selectOne(interface.path) }
    }

    var devices: Element {
        get throws(Failure) {
            try readable("guest \(guest.name)") { () throws(XMLError) in
                try document.selectOne("//domain/devices")
            }
        }
    }

    mutating func changed(_ element: Element, _ detail: String) {
        edited.append(element)
        details.append(detail)
    }

    /// Notes an element as libvirt had it once, which is put back.
    mutating func knows(_ element: Document) { former.append(element) }

    /// An element that is changed along with another, whose words tell of it.
    mutating func changedAlong(_ element: Element) {
        if !isChanged(element) { edited.append(element) }
    }

    func isChanged(_ element: Element) -> Bool { edited.contains(element) }

    var isUnchanged: Bool { edited.isEmpty }

    /// The step that writes the edited document, valid by libvirt's grammar; nil when nothing was edited.
    func item(_ state: State) throws(Failure) -> Plan.Item? {
        guard !edited.isEmpty else { return nil }
        try Grammars.check(
            guest: document, interfaces: edited, before: before, former: former, name: guest.name, state)
        var item = Plan.Item(
            .defineGuest(
                DocumentChange(
                    name: guest.name, uuid: guest.uuid, before: guest.inactiveXML, after: document.serialized())),
            detail: details.joined(separator: "; "))
        item.trials = trials
        return item
    }
}
