import TestSupport
import Testing
import Text

@testable import Fleet

/// Names of many hosts in few words.
@Suite struct HostNamesTests {
    @Test(arguments: [
        (["kvm1"], "kvm1"), (["kvm1", "kvm2", "kvm3"], "kvm[1-3]"), (["kvm3", "kvm1", "kvm7"], "kvm[1,3,7]"),
        (["kvm01", "kvm02", "kvm10"], "kvm[01-02,10]"), (["kvm9", "kvm10"], "kvm[9-10]"), (["a", "b"], "a,b"),
        (["kvm1.dc1", "kvm2.dc1"], "kvm[1-2].dc1"), (["r1k1", "r2k1", "r3k1"], "r[1-3]k1"), (["kvm1", "kvm1"], "kvm1"),
        (["kvm1", "db", "kvm2"], "kvm[1-2],db"), (["kvm", "kvm1"], "kvm,kvm1"), (["a[1]", "a[2]"], "a[1],a[2]"),
        (["test:///x/1.xml", "test:///x/2.xml"], "test:///x/[1-2].xml"), ([], ""),
        (["k\u{F6}1", "ko\u{308}2"], "k\u{F6}1,ko\u{308}2"),
    ]) func few(names: [String], wanted: String) {
        #expect(HostNames.folded(names.map { Name($0) }).isSame(as: wanted))
    }

    /// What is printed can be given to `--hosts` again.
    @Test func foldedAndUnfoldedIsTheSame() throws {
        var random = SeededGenerator(seed: 7)
        for _ in 0..<400 {
            let names = (0..<Int.random(in: 1...40, using: &random)).map { _ -> Name in
                let number = Int.random(in: 0...30, using: &random)
                let digits = Bool.random(using: &random) ? HostRange.padded(number, 2) : String(number)
                let kinds: [Name] = ["kvm\(digits)", "r\(number % 3)k\(digits)", "db", "x\(digits).dc1"]
                return kinds.randomElement(using: &random) ?? ""
            }
            let folded = HostNames.folded(names)
            #expect(Set(try HostList(names: folded, aliases: []).hosts.map(\.name)) == Set(names), "\(folded)")
        }
    }

    @Test func peopleCountNumbers() {
        let names: [Name] = ["kvm10", "kvm2", "kvm02", "kvm", "a", "kvm2b", "kvm1"]
        #expect(names.sorted(by: NumberOrder.precedes) == ["a", "kvm", "kvm1", "kvm02", "kvm2", "kvm2b", "kvm10"])
        // It once never came to an end where two names begin with the same letter of several bytes.
        let others: [Name] = ["küche10", "küche2", "küche", "küché2", "é", "éé"]
        #expect(
            others.sorted(by: NumberOrder.precedes) == ["küche", "küche2", "küche10", "küché2", "é", "éé"])
    }
}
