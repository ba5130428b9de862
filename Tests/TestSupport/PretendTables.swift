import Hook
package import SRIOV
import Synchronization
import Text

/// VF tables in memory, with a driver that takes everything but what it is told to refuse.
package final class PretendTables: FunctionTables {
    private struct Inside: Sendable {
        var rows: [PCIAddress: VFSettings]
        var refused: [VFChange] = []
        var ignored: [VFChange] = []
        var told: [VFChange] = []
    }

    private let inside: Mutex<Inside>

    package init(_ rows: [PCIAddress: VFSettings]) { inside = Mutex(Inside(rows: rows)) }

    /// What the driver was told and took, in order.
    package var told: [VFChange] { inside.withLock { $0.told } }

    package subscript(function: PCIAddress) -> VFSettings? {
        get { inside.withLock { $0.rows[function] } }
        set { inside.withLock { $0.rows[function] = newValue } }
    }

    package func refuse(_ changes: VFChange...) { inside.withLock { $0.refused = changes } }

    /// Takes them, and does nothing.
    package func ignore(_ changes: VFChange...) { inside.withLock { $0.ignored = changes } }

    package func place(of function: PCIAddress) -> FunctionPlace? {
        inside.withLock { inside in
            let sorted = inside.rows.keys.sorted()
            return sorted.firstIndex(of: function).map { FunctionPlace(pf: "eth3", index: $0) }
        }
    }

    package func settings(_ place: FunctionPlace) throws(VFTableError) -> VFSettings {
        let row = inside.withLock { inside in inside.rows[inside.rows.keys.sorted()[place.index]] }
        guard let row else { throw VFTableError(.missing, "no such VF") }
        return row
    }

    package func apply(_ change: VFChange, _ place: FunctionPlace) throws(VFTableError) {
        let isRefused = inside.withLock { inside in
            if inside.refused.contains(change) { return true }
            inside.told.append(change)
            if inside.ignored.contains(change) { return false }
            let function = inside.rows.keys.sorted()[place.index]
            var row = inside.rows[function] ?? VFSettings()
            switch change {
            case .trust(let on): row.trust = on
            case .spoofCheck(let on): row.spoofCheck = on
            case .rate(let min, let max): (row.minRate, row.maxRate) = (min > 0 ? min : nil, max > 0 ? max : nil)
            case .linkState(let state): row.linkState = state
            case .vlan(let id, let qos, let tag):
                (row.vlan, row.qos, row.vlanProtocol) = (id > 0 ? id : nil, qos > 0 ? qos : nil, tag)
            }
            inside.rows[function] = row
            return false
        }
        if isRefused { throw VFTableError(.notSupported, "Operation not supported") }
    }
}
