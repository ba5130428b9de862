import Model
import SRIOV
import Text

extension BootEffects {
    /// What programs set of each PF: at most one setter that is sure, else one that may be.
    ///
    /// - Parameter order: whether libvirt waits for a line, and whether the PF is set up as well.
    func setters(
        _ means: CountSetter.Means, _ pfs: [PFTraits], runBy path: String,
        order: (CountWrite, PFTraits) -> (isBeforeLibvirt: Bool, setsUp: Truth) = { _, _ in (false, .no) }
    ) -> [CountSetter] {
        pfs.compactMap { pf in
            let found = counts.map { (write: $0, truth: $0.isFor(pf) && $0.isRun) }.filter { $0.truth != .no }
            let sure = found.filter { $0.truth == .yes }
            let writes = (sure.isEmpty ? found : sure).map(\.write)
            // From one count to another the kernel goes through 0: that is no count to end with.
            let last = writes.last { $0.count(of: pf) != 0 } ?? writes.last
            guard let last else { return nil }
            let counts = Set(writes.map { $0.count(of: pf) }).subtracting(writes.count > 1 ? [0] : [])
            let (isBefore, setsUp) = order(last, pf)
            let doubt = last.doubt ?? (last.isFor(pf) == .yes ? "it is not known whether it runs" : CountSetter.whichPF)
            return CountSetter(
                means, pf.address, last.place.path, line: last.place.line,
                caller: last.place.path.isSame(as: path) ? nil : path,
                count: counts.count > 1 ? nil : last.count(of: pf), doubt: sure.isEmpty ? doubt : nil,
                isBeforeLibvirt: isBefore, setsUp: setsUp)
        }
    }
}
