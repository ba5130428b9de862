import Model
import SRIOV
import Text

/// Who has which MAC: two interfaces with one are refused, but for the two halves of a pair, with `<teaming>` or without.
struct MACConflicts {
    private struct Holder: Hashable {
        var guest: String
        var index: Int
    }

    private var holders: [MACAddress: [Holder]] = [:]
    private var names: [String: Name] = [:]
    private let state: State

    init(_ state: State) {
        self.state = state
        for guest in state.guests {
            names[guest.uuid] = guest.name
            let interfaces = guest.isPersistent ? guest.interfaces : guest.liveInterfaces
            for interface in interfaces {
                guard let mac = interface.mac else { continue }
                holders[mac, default: []].append(Holder(guest: guest.uuid, index: interface.index))
            }
        }
    }

    /// An interface whose document has no MAC is going to have this one.
    mutating func add(_ mac: MACAddress, _ guest: Guest, _ interface: GuestInterface) {
        guard interface.mac == nil else { return }
        holders[mac, default: []].append(Holder(guest: guest.uuid, index: interface.index))
    }

    /// - Throws: `duplicate-mac`, naming who else has it.
    func check(_ mac: MACAddress, _ guest: Guest, _ interface: GuestInterface) throws(Failure) {
        let own = (holders[mac] ?? []).count { $0.guest == guest.uuid }
        let others = (holders[mac] ?? []).filter { holder in
            if holder.guest != guest.uuid { return true }
            guard holder.index != interface.index,
                let other = guest.interfaces.first(where: { $0.index == holder.index })
            else { return holder.index != interface.index }
            // As pairs were made before there was <teaming>.
            let isOlder = own == 2 && !interface.isTeamed && !other.isTeamed && !state.isFunction(other.attachment)
            return !isOlder && !(interface.isTeamed && other.isTeamed)
        }
        guard !others.isEmpty else { return }
        let words = Set(
            others.map {
                $0.guest == guest.uuid
                    ? "another of its interfaces" : Name("guest \(names[$0.guest] ?? Name($0.guest))")
            }
        )
        throw Failure(
            .duplicateMAC,
            "the MAC \(mac) of interface \(interface.index) of guest \(guest.name) is also that of \(Words.list(words.sorted()))",
            cause: "on a pool both could run at once, and neither would be reachable",
            hints: [
                interface.mac == nil
                    ? "say which it is: `--mac \(shell: "\(guest.word):\(interface.attachment.pinnedAddress?.description ?? "ADDRESS")")=MAC`"
                    : "give one of them another: `virsh edit \(shell: guest.word)`"
            ])
    }
}
