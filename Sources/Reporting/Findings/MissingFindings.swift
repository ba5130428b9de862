import Model
import SRIOV
import Text

/// Guests that can't start, for what they have fixed is not on the host.
enum MissingFindings {
    static func all(_ state: State) -> [Diagnostic] {
        state.guests.sorted { $0.name < $1.name }.flatMap { guest in
            state.missingDevices(of: guest).map { device in
                let isVF = device.place != nil || device.interface?.attachment == .hostdevInterface(device.address)
                return Diagnostic(
                    .missingVF,
                    "guest \(guest.name) can't start\(guest.autostart ? ", though it is to at boot" : ""): \(isVF ? "VF" : "device") \(device.address), to which it is pinned, is not on this host",
                    hints: device.hints(guest, state), guests: [guest.name],
                    pfs: [device.place?.pf.address.description].compactMap(\.self),
                    fold: Fold(
                        "guest", guest.name, "can't start: devices to which they are pinned are not on this host",
                        hints: ["see the remedy for each: `vfpool status --verbose`"]))
            }
        }
    }
}
