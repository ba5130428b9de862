package import Model

/// Plans to take a guest's interfaces off their pool, each keeping its MAC.
package enum UnbindPlanner {
    /// - Throws: `not-bound`, `no-former-interface`, `vf-in-use`, `no-such-network`, `no-such-vf`.
    package static func plan(
        _ state: State, _ requests: [UnbindRequest], _ history: History
    ) throws(Failure) -> Plan {
        try GuestPlan.combined(state, requests.map(\.guest)) { (index, picture) throws(Failure) in
            try GuestUnbinding.plan(picture, requests[index], history)
        }
    }
}
