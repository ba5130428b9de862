import SRIOV
import Text

extension StepRecord {
    /// A step as a record, and the documents that belong in files beside it.
    package static func make(_ number: Int, _ item: Plan.Item) -> (
        record: StepRecord, files: [(name: String, text: String)]
    ) {
        var record = StepRecord(
            number: number, kind: kind(item.step), name: name(item.step), isUpkeep: item.isUpkeep, detail: item.detail)
        var files: [(name: String, text: String)] = []
        func keep(_ text: String?, _ suffix: String) -> String? {
            guard let text else { return nil }
            let (what, form) =
                switch record.kind {
                case .defineGuest, .plug, .unplug: ("guest", "xml")
                case .writeFile: ("file", "txt")
                default: ("network", "xml")
                }
            let file = "\(padded(number))-\(what)-\(fileName(record.name.string)).\(suffix).\(form)"
            files.append((file, text))
            return file
        }
        switch item.step {
        case .defineNetwork(let change), .undefineNetwork(let change), .defineGuest(let change):
            record.uuid = change.uuid
            record.before = keep(change.before, "before")
            record.after = keep(change.after, "after")
        case .setAutostart(_, let on): record.autostart = on
        case .reserve(_, let reservation), .release(_, let reservation): record.reservation = reservation
        case .unplug(let device), .plug(let device):
            record.uuid = device.guestUUID
            record.mac = device.mac?.description
            record.address = device.address?.description
            record.isTeamed = device.isTeamed
            record.isLasting = device.isLasting ? true : nil
            record.after = keep(device.xml, "device")
        case .writeFile(let change):
            record.mode = change.mode
            record.formerMode = change.formerMode
            record.makesFolder = change.makesFolder
            record.before = keep(change.before, "before")
            record.after = keep(change.after, "after")
        case .setPF(let change): record.pf = change
        case .startNetwork, .stopNetwork: break
        }
        return (record, files)
    }

    /// The step again, from the record and its files.
    package func step(_ read: (String) throws(Failure) -> String) throws(Failure) -> Step {
        func text(_ file: String?) throws(Failure) -> String? {
            if let file { try read(file) } else { nil }
        }
        func change() throws(Failure) -> DocumentChange {
            DocumentChange(name: name, uuid: uuid ?? "", before: try text(before), after: try text(stored ?? after))
        }
        switch kind {
        case .defineNetwork: return .defineNetwork(try change())
        case .undefineNetwork: return .undefineNetwork(try change())
        case .defineGuest: return .defineGuest(try change())
        case .startNetwork: return .startNetwork(name)
        case .stopNetwork: return .stopNetwork(name)
        case .setAutostart: return .setAutostart(network: name, autostart ?? false)
        case .reserve, .release:
            guard let reservation else {
                throw Failure(.journal, "step \(number) of the change names no reservation")
            }
            return kind == .reserve
                ? .reserve(network: name, reservation) : .release(network: name, reservation)
        case .unplug, .plug:
            let device = LiveDevice(
                guestName: name, guestUUID: uuid ?? "", xml: try text(after) ?? "",
                mac: mac.flatMap { MACAddress($0) }, address: address.flatMap { PCIAddress($0) },
                isTeamed: isTeamed ?? false, isLasting: isLasting ?? false)
            return kind == .plug ? .plug(device) : .unplug(device)
        case .writeFile:
            return .writeFile(
                FileChange(
                    path: name.string, before: try text(before), after: try text(after), mode: mode ?? 0o644,
                    formerMode: formerMode, makesFolder: makesFolder ?? false))
        case .setPF:
            guard let pf else { throw Failure(.journal, "step \(number) of the change names no PF") }
            return .setPF(pf)
        }
    }

    private static func kind(_ step: Step) -> Kind {
        switch step {
        case .defineNetwork: .defineNetwork
        case .undefineNetwork: .undefineNetwork
        case .startNetwork: .startNetwork
        case .stopNetwork: .stopNetwork
        case .setAutostart: .setAutostart
        case .reserve: .reserve
        case .release: .release
        case .defineGuest: .defineGuest
        case .unplug: .unplug
        case .plug: .plug
        case .writeFile: .writeFile
        case .setPF: .setPF
        }
    }

    private static func name(_ step: Step) -> Name {
        switch step {
        case .defineNetwork(let change), .undefineNetwork(let change), .defineGuest(let change): change.name
        case .startNetwork(let name), .stopNetwork(let name), .setAutostart(let name, _): name
        case .reserve(let name, _), .release(let name, _): name
        case .unplug(let device), .plug(let device): device.guestName
        case .writeFile(let change): Name(change.path)
        case .setPF(let change): change.title
        }
    }

    private static func padded(_ number: Int) -> String {
        let text = String(number + 1)
        return String(repeating: "0", count: max(0, 3 - text.count)) + text
    }

    /// A guest's name as part of a file name: libvirt allows almost any character in it.
    private static func fileName(_ name: String) -> String {
        let isPlain = { (byte: UInt8) in byte.isLetter || byte.isDigit || byte.isOne(of: "._-") }
        return String(decoding: name.utf8.prefix(80).map { isPlain($0) ? $0 : UInt8(ascii: "_") }, as: UTF8.self)
    }
}
