import Model
import TestSupport
import Testing
import Text

/// Many messages of one kind are one.
@Suite struct FoldedTests {
    private func findings(_ count: Int, _ code: Diagnostic.Code = .savedState, folds: Bool = true) -> [Diagnostic] {
        (0..<count).map { number in
            let guest = Name("vm\(number)")
            return Diagnostic(
                code, "guest \(guest) is so", hints: ["own"], guests: [guest],
                fold: folds ? Fold("guest", guest, "are so", hints: ["all"]) : nil)
        }
    }

    @Test func aFewAreSaidOneByOne() {
        let said = Folded.all(findings(3))
        #expect(said.map(\.message) == ["guest vm0 is so", "guest vm1 is so", "guest vm2 is so"])
        #expect(said.allSatisfy { !$0.isFolded && $0.hints == ["own"] })
    }

    @Test func manyAreOne() throws {
        let said = Folded.all(findings(1, .unprotected) + findings(30) + findings(2, .lostPort))
        #expect(said.count == 4)
        #expect(said[1].message == "30 guests are so: vm0, vm1, vm2, vm3 and 26 more")
        #expect(said[1].isFolded && said[1].hints == ["all"])
    }

    @Test func whatElseIsTrueIsSaidApart() {
        var others = findings(4)
        for index in others.indices { others[index].fold?.predicate = "are otherwise" }
        let said = Folded.all(findings(4) + others).map(\.message)
        #expect(said == ["4 guests are so: vm0, vm1, vm2 and vm3", "4 guests are otherwise: vm0, vm1, vm2 and vm3"])
    }

    @Test func oneThingMayHaveSeveral() {
        let said = Folded.all((0..<5).flatMap { _ in findings(1) })
        #expect(said.map(\.message) == ["guest vm0 is so (one of 5 of this kind)"])
    }

    @Test func withoutWordsForManyTheFirstStandsForAll() {
        let said = Folded.all(findings(30, folds: false))
        #expect(
            said.map(\.message) == [
                "guest vm0 is so (one of 30 of this kind: guests vm0, vm1, vm2, vm3 and 26 more)"
            ])
        #expect(said[0].hints == ["own"])
    }

    @Test func eachOnRequest() {
        #expect(Folded.all(findings(30), each: true).map(\.message) == findings(30).map(\.message))
    }

    @Test func notesOfOneSentenceAreOfOneKind() {
        let notes = (0..<9).map { (number) -> Note in "guest vm\(number) has VF \(number)" }
        #expect(
            Folded.all(notes + ["other"]).map(\.message) == [
                "guest vm0 has VF 0 (one of 9 of this kind)", "other",
            ])
        #expect(notes[0] == "guest vm0 has VF 0")
    }
}
