import Text

extension State {
    /// Who wants something of VFs that only the hook gives them: `pool vfpool-eth3`, `guest vm1`.
    package var hookUsers: [String] {
        pools.filter { $0.configuration?.wanted.isEmpty == false }.map { "pool \($0.name)" }
            + guests.filter { $0.interfaces.contains { !$0.wanted.isEmpty } }.map { "guest \($0.name)" }
    }
}
