package import Model

/// What is said of a PF's link and driver, everywhere in the same words.
package enum PFWords {
    package static func state(_ isUp: Bool?, carrier: Bool?) -> String {
        switch (isUp, carrier) {
        case (false?, _): "down"
        case (true?, false?): "up without link"
        case (true?, _): "up"
        case (nil, _): "state unknown"
        }
    }

    package static func driver(_ driver: Fact<String>) -> String {
        switch driver {
        case .known(let name): name
        case .absent: "no driver"
        case .unknown: "driver unknown"
        }
    }

    /// `8 of 63 VFs`.
    package static func vfs(_ enabled: Int, of possible: Int?) -> String {
        possible.map { "\(enabled) of \($0) VFs" } ?? Words.count(enabled, "VF")
    }
}

extension PFReport {
    /// `up without link`.
    package var stateWords: String { PFWords.state(isUp.value, carrier: hasCarrier.value) }

    package var driverWords: String { PFWords.driver(driver) }
}
