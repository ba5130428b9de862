import Model
import Planning
import SRIOV
import TestSupport
import Testing
import Text
import XML

@Suite struct SelectionTests {
    @Test(arguments: [
        ("0", [0]), ("4-7,9", [4, 5, 6, 7, 9]), ("9,4-7", [4, 5, 6, 7, 9]), ("3,3,2-4", [2, 3, 4]), ("007", [7]),
        ("65535", [65535]), ("5-5", [5]),
    ]) func reads(_ text: String, _ indices: [Int]) {
        #expect(IndexSet(text)?.sorted == indices)
    }

    @Test(arguments: [
        "", ",", "1,", ",1", "-", "1-", "-1", "1--2", "1-2-3", "2-1", "a", "1 ", " 1", "1, 2", "+1", "0x1", "٣",
        "65536",
        "99999999999999999999", "1-65536", "1;2", "1\n",
    ]) func refuses(_ text: String) {
        #expect(IndexSet(text) == nil)
    }

    @Test func printsShortly() {
        for text in ["0", "4-7,9", "0-1,3-4", "65535", ""] {
            #expect(text.isEmpty || IndexSet(text)?.description == text)
        }
        #expect(IndexSet([3, 1, 2, 9]).description == "1-3,9")
        #expect(IndexSet().description.isEmpty && IndexSet().isEmpty)
        var random = SeededGenerator(seed: 7)
        for _ in 0..<200 {
            let set = IndexSet(
                (0..<Int.random(in: 1...20, using: &random)).map { _ in Int.random(in: 0...40, using: &random) })
            #expect(IndexSet(set.description) == set)
        }
    }

    @Test func selects() {
        let some = VFSelection(included: IndexSet("4-7,9"), excluded: IndexSet([5]))
        #expect((0..<11).filter(some.contains) == [4, 6, 7, 9])
        #expect(!some.isAll && VFSelection.all.isAll)
        let most = VFSelection(included: nil, excluded: IndexSet([0, 2]))
        #expect((0..<4).filter(most.contains) == [1, 3])
        #expect(!most.isAll)
        #expect((0..<4).filter(VFSelection(included: IndexSet(), excluded: IndexSet()).contains).isEmpty)
    }

    /// Somebody edited the mark: what it covers is not known, so it is nothing, not everything.
    @Test func brokenMark() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 4)])
        try host.apply(host.create("eth3", selection: VFSelection(included: IndexSet("1-2"), excluded: IndexSet())))
        let text = try host.network("vfpool-eth3").persistent ?? ""
        try host.defineNetwork(text.replacing("include=\"1-2\"", with: "include=\"one\""))
        let before = try host.network("vfpool-eth3")
        #expect(try host.state().coverage(of: host.pool("vfpool-eth3")).isEmpty)
        try host.apply(ReconcilePlanner.plan(host.state()))
        #expect(try host.network("vfpool-eth3") == before)
    }
}
