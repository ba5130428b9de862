import Model
import SRIOV
import TestSupport
import Testing
import Text

/// A hint is text that is written in the source, words that are quoted, and prose without backticks.
@Suite struct HintTests {
    @Test func wordsAreQuotedAndProseIsNot() throws {
        let name = "it's"
        let address = try #require(PCIAddress("0000:03:10.2"))
        let hint: Hint = "start \(text: name): `virsh start \(shell: name)` \(2), \(address)"
        #expect(hint.text == "start it's: `virsh start 'it'\\''s'` 2, 0000:03:10.2")
        #expect(Hint(stringLiteral: "see `vfpool log`").text == "see `vfpool log`")
    }

    @Test(arguments: HostileNames.all) func proseNeitherOpensNorClosesACommand(_ name: String) {
        let hint: Hint = "guest \(text: name) is off: `virsh start \(shell: name)`, or see \(text: name)"
        let parts = Array(hint.text.utf8).split(separator: UInt8(ascii: "`"), omittingEmptySubsequences: false)
        #expect(parts.count == 3)
        let command: ShellCommand = "virsh start \(shell: name)"
        #expect(Array(parts[1]) == Array(command.shellText.utf8))
        #expect(Hint(prose: name).text.utf8.contains(UInt8(ascii: "`")) == false)
    }

    /// Whoever writes `text:` into a command has it quoted all the same.
    @Test func proseInACommandIsAWord() {
        let name = "a; touch x"
        let hint: Hint = "see `vfpool status \(text: name)`"
        #expect(hint.text == "see `vfpool status 'a; touch x'`")
        let open: Hint = "see `vfpool status \(text: name)"
        #expect(open.text == "see `vfpool status 'a; touch x'`")
    }

    /// A name that begins with a hyphen is no option of virsh's or vfpool's.
    @Test func namesAreNoOptions() {
        let name = "--connect=x"
        let start: ShellCommand = "vfpool bind \(shell: name)"
        let hints: [(Hint, String)] = [
            ("`vfpool status \(shell: name)`", "`vfpool status -- --connect=x`"),
            ("`vfpool status \(shell: ShellWord(name))`, \(text: "or")", "`vfpool status -- --connect=x`, or"),
            (
                "`\(shell: start) --pool \(shell: name) --live`",
                "`vfpool bind --pool=--connect=x --live -- --connect=x`"
            ),
            (
                "`virsh net-destroy \(shell: name) && virsh net-start \(shell: name) && vfpool reconcile`",
                "`virsh net-destroy -- --connect=x && virsh net-start -- --connect=x && vfpool reconcile`"
            ),
            ("`virsh net-dumpxml \(shell: name) --inactive > x`", "`virsh net-dumpxml --inactive -- --connect=x > x`"),
            ("`ip link set dev \(shell: name) up`", "`ip link set dev --connect=x up`"),
            ("`vfpool set --mac \(shell: name)=MAC`", "`vfpool set --mac=--connect=x=MAC`"),
        ]
        for (hint, text) in hints { #expect(hint.text == text) }
        #expect(start.shellText == "vfpool bind -- --connect=x")
    }

    @Test func hintsAndCommandsAreMadeOfParts() {
        let name = "a b"
        let command: ShellCommand = "vfpool bind \(shell: name)"
        let longer: ShellCommand = "\(shell: command) --pool \(shell: "p;q")"
        let first: Hint = "`virsh net-start \(shell: name)`, then "
        let hint: Hint = "do it: \(first)`\(shell: longer)`"
        #expect(hint.text == "do it: `virsh net-start 'a b'`, then `vfpool bind 'a b' --pool 'p;q'`")
        #expect(ShellCommand(words: ["vfpool", "bind", "a b", ""]).shellText == "vfpool bind 'a b' ''")
    }

    @Test func whatIsTheSameElsewhereIsToldOnce() {
        let hints = (0..<3).map { index in
            ("name it: `--interface \(shell: index)`" as Hint).inSpec("give each a MAC of its own: `virsh edit vm1`")
        }
        let failure = Failure(.ambiguousInterface, "guest vm1 has 3 interfaces", hints: hints)
        #expect(failure.hints.count == 3)
        #expect(failure.told(.spec).hints.map(\.text) == ["give each a MAC of its own: `virsh edit vm1`"])
    }
}
