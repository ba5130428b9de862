import Model
import Testing
import Text

/// That a plan is refused with this code, and with at least one hint unless the cause says it all.
func refused(
    _ code: Failure.Code, hint: String? = nil, _ location: SourceLocation = #_sourceLocation,
    _ body: () throws -> Plan
) {
    let failure = #expect(throws: Failure.self, sourceLocation: location) { _ = try body() }
    #expect(failure?.code == code, "\(String(describing: failure))", sourceLocation: location)
    guard let hint else { return }
    let texts = failure?.hints ?? []
    #expect(texts.contains { $0.text.contains(hint) }, "hints: \(texts)", sourceLocation: location)
}

extension Plan {
    /// The steps, in short words: `define`, `start`, `reserve 0000:03:10.0`, …
    var words: [String] {
        steps.map { step in
            switch step {
            case .defineNetwork(let change): "define \(change.name)"
            case .undefineNetwork(let change): "undefine \(change.name)"
            case .startNetwork(let name): "start \(name)"
            case .stopNetwork(let name): "stop \(name)"
            case .setAutostart(let name, let on): "\(on ? "autostart" : "no autostart") \(name)"
            case .reserve(_, let reservation): "reserve \(reservation.address) \(reservation.ownerName)"
            case .release(_, let reservation): "release \(reservation.address) \(reservation.ownerName)"
            case .defineGuest(let change): "define \(change.name)"
            case .unplug(let device): "unplug \(device.guestName)"
            case .plug(let device): "plug \(device.guestName)"
            case .writeFile(let change): "write \(change.path)"
            case .setPF(let change): "\(change.attribute.rawValue) \(change.before) \(change.after)"
            }
        }
    }
}
