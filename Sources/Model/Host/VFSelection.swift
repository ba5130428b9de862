/// A part of a PF's virtual functions, by index: all, or some, less the excluded ones.
package struct VFSelection: Sendable, Equatable {
    /// Indices that are in; nil means all, also those enabled later.
    package var included: IndexSet?
    /// Indices that are out.
    package var excluded: IndexSet

    package static let all = VFSelection(included: nil, excluded: IndexSet())

    package init(included: IndexSet?, excluded: IndexSet) {
        self.included = included
        self.excluded = excluded
    }

    package var isAll: Bool { included == nil && excluded.isEmpty }

    package func contains(_ index: Int) -> Bool {
        (included?.contains(index) ?? true) && !excluded.contains(index)
    }
}
