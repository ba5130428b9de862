package import Model
import Text

extension Diagnostic {
    /// That it can't be told, and why.
    static func unknown(
        _ code: Code, _ reason: String, subject: String? = nil, pools: [Name] = [], guests: [Name] = [],
        pfs: [String] = []
    ) -> Diagnostic {
        let whose = subject.map { "\($0): " } ?? ""
        return Diagnostic(
            code, .unknown, "\(whose)can't be checked: \(reason)", pools: pools, guests: guests, pfs: pfs)
    }
}

extension Diagnostic.Code {
    /// The checks of `doctor`, in the order in which those of one verdict are printed.
    package static let ofDoctor = allCases.drop { $0 != .cpuVirtualization }.prefix { $0 != .guestRunning }

    /// Those of `check-migration`.
    package static let ofLiveMigration = allCases.drop { $0 != .guestRunning }.prefix { $0 != .fleetHosts }

    /// Those that only a fleet can make: of `doctor --hosts`.
    package static let ofFleet = allCases.drop { $0 != .fleetHosts }
}
