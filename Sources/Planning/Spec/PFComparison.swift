import Model
import SRIOV
import Spec
import Text

/// PFs as they are, and as a spec says.
struct PFComparison {
    private let observed: Observation
    private let options: SpecOptions

    init(_ observed: Observation, _ options: SpecOptions) {
        self.observed = observed
        self.options = options
    }

    func differences(_ pfs: [PFSpec]) -> [Comparison] { pfs.map(compare) }

    private func compare(_ said: PFSpec) -> Comparison {
        let pf: PhysicalFunction
        do throws(Failure) {
            pf = try options.pf(said.word, observed.state)
        } catch {
            return Comparison(
                difference: Difference(.pf(said.word), .blocked, failure: error, origin: said.origin), make: nil)
        }
        var fields: [Difference.Field] = []
        if let vfs = said.vfs, vfs != pf.enabledVFs {
            fields.append(.init("vfs", String(pf.enabledVFs), String(vfs)))
        }
        if let driver = said.hostDriver, let found = pf.probesDrivers, found != driver {
            fields.append(.init("hostDriver", found.word, driver.word))
        }
        let changesCount = !fields.isEmpty
        let boot = changesBoot(said, pf)
        if let boot { fields.append(boot) }
        guard !fields.isEmpty else { return .same }
        let options = options
        return Comparison(difference: Difference(.pf(said.word), .differs, fields, origin: said.origin)) {
            (chain) throws(Failure) in
            // As it is by now.
            let pf = try options.pf(said.word, chain.picture)
            if changesCount {
                try chain.add(
                    try ResizePlanner.plan(
                        chain.picture,
                        ResizeRequest(
                            pf: pf, count: said.vfs ?? pf.enabledVFs, hostDrivers: said.hostDriver,
                            boot: said.boot == nil ? options.boot : nil)))
            }
            if boot != nil {
                let count = said.boot == false ? nil : said.vfs ?? pf.enabledVFs
                try chain.add(try options.bootPlan(chain.picture, pf, count, said.hostDriver))
            }
        }
    }

    /// What is to become of the count at boot; it follows where vfpool sets it.
    private func changesBoot(_ said: PFSpec, _ pf: PhysicalFunction) -> Difference.Field? {
        guard let setup = options.boot else { return nil }
        let count = said.vfs ?? pf.enabledVFs
        let counts = setup.setters(of: pf).map { $0.count.map(String.init) ?? "a count that can't be read" }
        let found = counts.isEmpty ? "false" : "sets \(Words.list(counts))"
        switch said.boot {
        case true?: return observed.isSetAtBoot(pf, count) == true ? nil : .init("boot", found, "true")
        case false?:
            return setup.setters(of: pf).isEmpty ? nil : .init("boot", found, "false")
        case nil:
            guard said.vfs != nil, BootPlanner.isSet(pf, setup), observed.isSetAtBoot(pf, count) != true else {
                return nil
            }
            return .init("boot", found, "sets \(count)")
        }
    }
}

extension Bool {
    /// As a spec says it.
    var word: String { self ? "true" : "false" }
}
