import Libvirt
import Model
import SRIOV
import Text
import XML

/// Does one step at a time: looks whether the world is as planned, makes the call, reads the result back.
final class StepRunner {
    let hypervisor: any Hypervisor
    private let files: any HostFiles
    /// What libvirt stored for objects that this very change has written, by subject: libvirt spells documents its
    /// own way, so a later step on the same object is held against this instead of its planned "before".
    private var stored: [Name: String] = [:]
    /// Subjects whose document was sent, but not yet read back: whether it was stored, and how, is not known.
    private var unread: Set<Name> = []
    /// Whether the last step came as far as asking libvirt to change something.
    private(set) var isAsked = false

    init(_ hypervisor: any Hypervisor, files: any HostFiles) {
        self.hypervisor = hypervisor
        self.files = files
    }

    /// - Throws: `changed-meanwhile` when the object is not what the plan was made from.
    func check(_ step: Step) throws(Failure) {
        switch step {
        case .defineNetwork(let change), .undefineNetwork(let change), .defineGuest(let change):
            let current = try currentDocument(step)
            let expected = stored[Name(step.subject)] ?? change.before
            guard current.isSame(as: expected) else {
                throw changed(step, current: current)
            }
            return
        case .stopNetwork(let name):
            let ports = try ports(name) ?? []
            if let port = ports.first(where: { !$0.isReservation }) {
                throw Failure(
                    .poolInUse, "network \(name) has a port of guest \(port.state.ownerName) again",
                    hints: ["stopping it would forget who holds which VF"])
            }
        case .release(_, let reservation):
            // That it is there, giving it back will tell.
            return try checkLeftBehind(reservation, step)
        case .writeFile(let change):
            let current = try files.current(change)
            guard change.startsFrom(current) else { throw changed(step, current: current?.text) }
            return
        case .startNetwork, .setAutostart, .reserve, .plug: break
        case .unplug: return
        case .setPF(let change): return try checkPF(change)
        }
        // What someone else did since must not be taken back with this change.
        guard try !isInEffect(step) else {
            throw Failure(
                .changedMeanwhile, "\(step.subject): someone else did this since the plan was made: \(step.action)",
                hints: ["run the command again to plan from what is there now"])
        }
    }

    func perform(_ step: Step) throws(Failure) {
        isAsked = false
        switch step {
        case .defineNetwork(let change), .undefineNetwork(let change):
            unread.insert(Name(step.subject))
            try ask(step) { () throws(LibvirtError) in
                if let after = change.after {
                    try self.hypervisor.defineNetwork(after)
                } else {
                    try self.hypervisor.undefineNetwork(change.name)
                }
            }
        case .startNetwork(let name):
            try ask(step) { () throws(LibvirtError) in try self.hypervisor.startNetwork(name) }
        case .stopNetwork(let name):
            try ask(step) { () throws(LibvirtError) in try self.hypervisor.stopNetwork(name) }
        case .setAutostart(let name, let on):
            try ask(step) { () throws(LibvirtError) in try self.hypervisor.setAutostart(name, on) }
        case .reserve(let name, let reservation):
            let xml = try Templates.port(reservation)
            try ask(step) { () throws(LibvirtError) in try self.hypervisor.createReservation(name, xml) }
        case .release(let name, let reservation):
            isAsked = true
            do throws(LibvirtError) {
                try hypervisor.deletePort(name, uuid: reservation.uuid)
            } catch {
                guard error.code == .noNetworkPort else {
                    throw Failure("could not \(step.action): \(step.subject)", error)
                }
                // A guest that was just stopping has given its port back by itself.
                guard reservation.isOurs else { return }
                throw Failure(.changedMeanwhile, "the reservation of \(reservation.address) is gone from \(name)")
            }
        case .defineGuest(let change):
            guard let after = change.after else { return }
            unread.insert(Name(step.subject))
            try ask(step) { () throws(LibvirtError) in try self.hypervisor.defineGuest(after) }
        case .plug(let device):
            try ask(step) { () throws(LibvirtError) in try self.hypervisor.plug(device.guestUUID, device.xml) }
        case .unplug(let device):
            try unplug(device, step)
        case .writeFile(let change):
            guard let after = change.after else {
                return try files.remove(change.path, folder: change.makesFolder)
            }
            try files.write(FileContent(text: after, mode: change.mode), to: change.path)
        case .setPF(let change): try setPF(change)
        }
    }

    /// Reads the step's result back.
    ///
    /// - Returns: the document as libvirt stored it, for steps that write one.
    /// - Throws: `verify-failed` when something planned is not there.
    func verify(_ step: Step) throws(Failure) -> String? {
        switch step {
        case .defineNetwork(let change), .undefineNetwork(let change), .defineGuest(let change):
            let current = try currentDocument(step)
            stored[Name(step.subject)] = current
            unread.remove(Name(step.subject))
            let differences = try StoredDocument.differences(planned: change.after, stored: current)
            guard differences.isEmpty else {
                throw Failure(
                    .verifyFailed, "libvirt stored \(step.subject) otherwise than planned",
                    cause: differences.prefix(5).joined(separator: "; "))
            }
            return current
        case .setPF(let change):
            try verifyPF(change)
            return nil
        default:
            guard try isInEffect(step) else {
                throw Failure(.verifyFailed, "\(step.subject): \(step.action) had no effect")
            }
            return nil
        }
    }

    /// Takes a step back, unless the world shows that it never took effect or is already back.
    ///
    /// - Returns: whether there was something to take back.
    func reverse(_ step: Step) throws(Failure) -> Bool {
        let back = step.reversed
        if try isMoot(step) { return false }
        if try isInEffect(back) { return false }
        try checkOurs(step)
        try perform(back)
        _ = try verify(back)
        return true
    }

    /// Whether a live device went with the guest's run: there is nothing to plug or unplug any more.
    private func isMoot(_ step: Step) throws(Failure) -> Bool {
        let device: LiveDevice
        switch step {
        case .plug(let plugged): device = plugged
        case .unplug(let unplugged): device = unplugged
        default: return false
        }
        return try call(step) { () throws(LibvirtError) in
            try self.hypervisor.liveGuestXML(device.guestUUID) == nil
        }
    }

    /// - Throws: when what is there now is not what this change left, so that taking it back would undo someone else's.
    private func checkOurs(_ step: Step) throws(Failure) {
        switch step {
        case .defineNetwork(let change), .undefineNetwork(let change), .defineGuest(let change):
            let current = try currentDocument(step)
            if current.isSame(as: stored[Name(step.subject)]) { return }
            // The answer got lost, to the step or to what takes it back.
            let possible = unread.contains(Name(step.subject)) ? [change.after, change.before] : []
            for planned in possible where try StoredDocument.differences(planned: planned, stored: current).isEmpty {
                return
            }
            throw changed(step, current: current)
        case .startNetwork(let name): try check(.stopNetwork(name))
        case .writeFile(let change): try check(.writeFile(change.reversed))
        case .setPF(let change): try checkOurs(change)
        case .stopNetwork, .setAutostart, .reserve, .release, .plug, .unplug: break
        }
    }

    /// Whether the world already is as this step would leave it.
    func isInEffect(_ step: Step) throws(Failure) -> Bool {
        switch step {
        case .defineNetwork(let change), .undefineNetwork(let change), .defineGuest(let change):
            let current = try currentDocument(step)
            if current.isSame(as: change.after) { return true }
            // A new object has no earlier text to be told from: it is there when all that was planned is.
            guard current != nil, change.after != nil, change.before == nil else { return false }
            return try StoredDocument.differences(planned: change.after, stored: current).isEmpty
        case .startNetwork(let name): return try isActive(name, step)
        case .stopNetwork(let name): return try !isActive(name, step)
        case .setAutostart(let name, let on):
            return try call(step) { () throws(LibvirtError) in try self.hypervisor.networkAutostarts(name) } == on
        case .reserve(let name, let reservation):
            return try hasPort(name, reservation, step) ?? true
        case .release(let name, let reservation):
            return try hasPort(name, reservation, step) != true
        case .plug(let device): return try liveDevice(device, step) != nil
        case .unplug(let device): return try liveDevice(device, step) == nil
        case .writeFile(let change): return change.endsIn(try files.current(change))
        case .setPF(let change): return try isSet(change)
        }
    }

    // MARK: Details

    private func changed(_ step: Step, current: String?) -> Failure {
        Failure(
            .changedMeanwhile,
            current == nil
                ? "\(step.subject) is gone since the plan was made"
                : "\(step.subject) was changed by someone else since the plan was made",
            hints: ["nothing was overwritten; run the command again to plan from what is there now"])
    }

    private func unplug(_ device: LiveDevice, _ step: Step) throws(Failure) {
        guard let live = try liveDevice(device, step) else {
            throw Failure(
                .changedMeanwhile, "guest \(device.guestName) has no such interface any more",
                hints: ["nothing was unplugged; run the command again to plan from what is there now"])
        }
        let outcome = try ask(step) { () throws(LibvirtError) in
            try self.hypervisor.unplug(
                device.guestUUID, device.xml, alias: live.alias ?? "", patience: device.patience)
        }
        switch outcome {
        case .gone: return
        case .refused:
            throw Failure(
                .unplugRefused, "guest \(device.guestName) refused to give the interface up",
                hints: ["shut it down and start it again instead: leave out --live"])
        case .timedOut:
            if try liveDevice(device, step) == nil { return }
            throw Failure(
                .unplugTimedOut,
                "guest \(device.guestName) did not give the interface up within \(Int(device.patience)) s",
                hints: ["is the guest's system up, with hot-plug support? or leave out --live"])
        }
    }

    private func liveDevice(_ device: LiveDevice, _ step: Step) throws(Failure) -> GuestInterface? {
        let xml = try call(step) { () throws(LibvirtError) in try self.hypervisor.liveGuestXML(device.guestUUID) }
        guard let xml else {
            throw Failure(.guestNotRunning, "guest \(device.guestName) is not running any more")
        }
        let functions = Set([device.address].compactMap(\.self))
        let interfaces = try readable("guest \(device.guestName)") { () throws(XMLError) in
            try GuestReader.interfaces(in: Document(parsing: xml), functions: functions)
        }
        return interfaces.first(where: device.matches)
    }

    private func isActive(_ name: Name, _ step: Step) throws(Failure) -> Bool {
        try call(step) { () throws(LibvirtError) in try self.hypervisor.networkIsActive(name) }
    }

    private func currentDocument(_ step: Step) throws(Failure) -> String? {
        try call(step) { () throws(LibvirtError) in
            switch step {
            case .defineGuest(let change): try self.hypervisor.guestXML(change.uuid)
            case .defineNetwork(let change), .undefineNetwork(let change): try self.hypervisor.networkXML(change.name)
            default: nil
            }
        }
    }

    private func ports(_ network: Name) throws(Failure) -> [(state: NetworkPortState, isReservation: Bool)]? {
        let texts: [String]?
        do throws(LibvirtError) {
            texts = try hypervisor.portXMLs(network)
        } catch {
            throw Failure("could not read the ports of network \(network)", error)
        }
        guard let texts else { return nil }
        var ports: [(state: NetworkPortState, isReservation: Bool)] = []
        for text in texts {
            let state = try readable("a port of network \(network)") { () throws(XMLError) in
                try NetworkReader.port(in: Document(parsing: text))
            }
            if let state { ports.append((state, Reservation.isOurs(state))) }
        }
        return ports
    }

    /// - Throws: when a port that is a guest's own is to go, and the guest runs by now.
    private func checkLeftBehind(_ reservation: Reservation, _ step: Step) throws(Failure) {
        guard !reservation.isOurs else { return }
        let live = try call(step) { () throws(LibvirtError) in
            try self.hypervisor.liveGuestXML(reservation.ownerUUID)
        }
        guard live == nil else {
            throw Failure(
                .changedMeanwhile, "guest \(reservation.ownerName) runs again, with \(reservation.address)",
                hints: ["run the command again to plan from what is there now"])
        }
    }

    private func hasPort(_ network: Name, _ reservation: Reservation, _ step: Step) throws(Failure) -> Bool? {
        try call(step) { () throws(LibvirtError) in
            try self.hypervisor.hasPort(network, uuid: reservation.uuid)
        }
    }

    private func ask<T>(_ step: Step, _ body: () throws(LibvirtError) -> T) throws(Failure) -> T {
        isAsked = true
        return try call(step, body)
    }

    private func call<T>(_ step: Step, _ body: () throws(LibvirtError) -> T) throws(Failure) -> T {
        do throws(LibvirtError) {
            return try body()
        } catch {
            throw Failure("could not \(step.action): \(step.subject)", error)
        }
    }
}
