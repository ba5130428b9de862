import Model
import SRIOV
import Text
import XML

/// What libvirt's daemon keeps of its networks and guests, read as files: a hook may not ask it.
///
/// The network's document that a hook is given is that of the running network, whose metadata is what it was when the
/// network started; and it says nothing of the guest's. These files are what the daemon itself reads when it starts.
package struct DaemonFiles: Sendable {
    let configuration: String
    let status: String

    package init(configuration: String = "/etc/libvirt/qemu", status: String = "/run/libvirt/qemu") {
        self.configuration = configuration
        self.status = status
    }

    /// A network's persistent configuration; nil for a transient one.
    func network(_ name: Name, uuid: String) throws(Failure) -> PoolConfiguration? {
        guard let document = try document("networks", name, uuid) else { return nil }
        return NetworkReader.configuration(in: document)
    }

    /// What a guest wants of the VF of its interface with this MAC; nothing for a transient guest.
    func wanted(_ guest: Name, uuid: String, mac: MACAddress?) throws(Failure) -> WantedSettings {
        guard let mac, let document = try document(".", guest, uuid) else { return WantedSettings() }
        return SettingsDocument.settings(ofGuest: document.root)[mac] ?? WantedSettings()
    }

    /// Whether a guest runs already, as far as the daemon has written down; it does before the guest's CPUs run.
    func isRunning(_ guest: Name) throws(Failure) -> Bool { try text(guest, in: status) != nil }

    /// Whether a guest runs, and has this PF already: then the daemon was restarted.
    func isRunning(_ guest: Name, with pf: String) throws(Failure) -> Bool {
        try text(guest, in: status)?.asciiLowercased.contains(bytes: pf.asciiLowercased) ?? false
    }

    /// A document that is the object's own; one of the same name may be another's.
    private func document(_ folder: String, _ name: Name, _ uuid: String) throws(Failure) -> Document? {
        guard let text = try text(name, in: "\(configuration)/\(folder)") else { return nil }
        let document = try readable("\(configuration)/\(folder)/\(name).xml") { () throws(XMLError) in
            try Document(parsing: text)
        }
        return document.root.first("uuid")?.text.asciiLowercased == uuid.asciiLowercased ? document : nil
    }

    /// An object's file; nil where there is none.
    private func text(_ name: Name, in folder: String) throws(Failure) -> String? {
        // libvirt lets no name have a slash; this is not the place to rely on it.
        guard !name.string.contains(bytes: "/") else { return nil }
        do throws(HostError) {
            // One byte more than a document may have: it is refused then.
            return try SystemFile.bytes("\(folder)/\(name).xml", limit: Document.maximumBytes + 1)
                .map { String(decoding: $0, as: UTF8.self) }
        } catch {
            throw Failure(.unreadable, "what libvirt keeps of \(name) could not be read", error)
        }
    }
}
