import Journal
import Libvirt
package import Model
import XML

extension Host {
    /// Which machine this is, for the journal; what can't be asked is left out.
    package func identity() -> HostIdentity {
        // One round trip for all, and none for a driver in this process.
        let answers = try? inParallel(Question.allCases) { (question) throws(LibvirtError) in answer(question) }
        let texts = answers ?? Question.allCases.map(answer)
        let uuid = texts[1].flatMap { Self.text("/capabilities/host/uuid", $0) }
        let hardware = texts[2].flatMap { Self.text("/device/capability/hardware/uuid", $0) }
        // A driver in this process has no other machine.
        let isThisMachine = isLocal || driver == "TEST"
        var identity = HostIdentity(
            name: texts[0], uuid: uuid, machine: isThisMachine ? HostIdentity.machine() : nil)
        if identity.uuid != nil, let hardware {
            identity.isHardware = HostIdentity(uuid: hardware).uuid == identity.uuid
        }
        return identity
    }

    private enum Question: CaseIterable { case name, uuid, hardware }

    private func answer(_ question: Question) -> String? {
        switch question {
        case .name: try? connection.hostName()
        case .uuid: try? connection.capabilities()
        // The whole machine as a device (libvirt's udev backend), with what its firmware tells.
        case .hardware: try? connection.nodeDevice(named: "computer").xml()
        }
    }

    private static func text(_ path: String, _ xml: String) -> String? {
        do throws(XMLError) {
            return try Document(parsing: xml).select(path).first?.text
        } catch {
            return nil
        }
    }
}
