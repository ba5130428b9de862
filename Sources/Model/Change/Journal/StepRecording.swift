import SRIOV
import Text

extension StepRecord {
    /// A step as a record, and the documents that belong in files beside it.
    package static func make(_ number: Int, _ item: Plan.Item) -> (
        record: StepRecord, files: [(name: String, text: String)]
    ) {
        let payload = item.step.payload
        var record = StepRecord(
            number: number, kind: payload.kind, name: payload.subject.name, isUpkeep: item.isUpkeep, detail: item.detail
        )
        var files = StepFiles()
        payload.write(to: &record, &files)
        return (record, files.files)
    }

    /// The step again, from the record and its files.
    package func step(_ read: (String) throws(Failure) -> String) throws(Failure) -> Step {
        func text(_ file: String?) throws(Failure) -> String? {
            if let file { try read(file) } else { nil }
        }
        func change() throws(Failure) -> DocumentChange {
            DocumentChange(name: name, uuid: uuid ?? "", before: try text(before), after: try text(stored ?? after))
        }
        func device() throws(Failure) -> LiveDevice {
            LiveDevice(
                guestName: name, guestUUID: uuid ?? "", xml: try text(after) ?? "",
                mac: mac.flatMap { MACAddress($0) }, address: address.flatMap { PCIAddress($0) },
                isTeamed: isTeamed ?? false, isPersistentHalf: isPersistentHalf ?? false)
        }
        return switch kind {
        case .defineNetwork: .defineNetwork(try change())
        case .undefineNetwork: .undefineNetwork(try change())
        case .defineGuest: .defineGuest(try change())
        case .startNetwork: .startNetwork(name)
        case .stopNetwork: .stopNetwork(name)
        case .setAutostart: .setAutostart(network: name, autostart ?? false)
        case .reserve: .reserve(network: name, try named(reservation, "reservation"))
        case .release: .release(network: name, try named(reservation, "reservation"))
        case .unplug: .unplug(try device())
        case .plug: .plug(try device())
        case .writeFile:
            .writeFile(
                FileChange(
                    path: name.string, before: try text(before), after: try text(after), mode: mode ?? 0o644,
                    formerMode: formerMode, makesFolder: makesFolder ?? false))
        case .setPF: .setPF(try named(pf, "PF"))
        }
    }

    /// What the step acted on, and the step in a few words: as the plan had them. Its files need not be there.
    package var words: (subject: String, action: String) {
        do throws(Failure) {
            let step = try step { _ in "" }
            return (step.subject.description, step.action)
        } catch {
            return (name.string, kind.rawValue)
        }
    }

    private func named<T>(_ value: T?, _ what: String) throws(Failure) -> T {
        guard let value else { throw Failure(.journal, "step \(number) of the change names no \(what)") }
        return value
    }
}
