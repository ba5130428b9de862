import Model
import Spec
import Text

/// What is vfpool's and not in a spec.
struct SpecPruning {
    /// Names of pools.
    let pools: [Name]

    init(_ spec: HostSpec, _ state: State) {
        let named = Set(spec.pools.compactMap { state.networkMeant(by: $0.name)?.name })
        pools = state.pools.filter { $0.isManaged && !named.contains($0.name) }.map(\.word)
    }
}
