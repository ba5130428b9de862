import Model
import TestSupport
import Testing
import Text

@testable import vfpool

/// Small parts of what is printed.
@Suite struct ViewTests {
    @Test func tablePadsAllButTheLast() {
        var table = Table([Table.Column("A"), Table.Column("N", isNumber: true), Table.Column("LAST")])
        table.add(["long name", "7", "x"])
        table.add(["é", "1234", "longer"])
        #expect(table.rendered(.plain) == "A             N  LAST\nlong name     7  x\né          1234  longer\n")
    }

    @Test func aNarrowTerminalGetsLess() {
        var table = Table([
            Table.Column("A"), Table.Column("FIRST", dropped: 1), Table.Column("EMPTY", dropped: 2),
            Table.Column("NAME", shrinks: true),
        ])
        table.add(["x", "1", "—", "a long name of a guest"])
        #expect(table.rendered(.plain, width: 200) == table.rendered(.plain, width: nil))
        #expect(table.rendered(.plain, width: 34) == "A  FIRST  NAME\nx  1      a long name of a guest\n")
        #expect(table.rendered(.plain, width: 26) == "A  NAME\nx  a long name of a guest\n")
        #expect(table.rendered(.plain, width: 14) == "A  NAME\nx  a long nam…\n")
    }

    @Test func nothingForNothing() {
        #expect(Table([Table.Column("A")]).rendered(.plain).isEmpty)
    }

    @Test func paddingDoesNotCountColours() {
        var table = Table([Table.Column("A"), Table.Column("B")])
        table.add([Table.Cell("x", .green), "y"])
        let text = table.rendered(Style(.always, descriptor: 1))
        #expect(text.split(separator: "\n").last == "\u{1B}[32mx\u{1B}[0m  y")
    }

    @Test(arguments: [
        ("a\u{1B}[31mb", "a\u{FFFD}[31mb"), ("x\ny", "x\u{FFFD}y"), ("a\tb", "a\u{FFFD}b"),
        ("\u{202E}gnp", "\u{FFFD}gnp"), ("日本", "日本"), ("a\u{2028}b\u{9B}m\r\n", "a\u{FFFD}b\u{FFFD}m\u{FFFD}\u{FFFD}"),
        ("a\u{FFFE}b\u{FFFF}", "a\u{FFFD}b\u{FFFD}"), ("\u{FFFD}", "\u{FFFD}"),
    ])
    func namesCanNotDriveTheTerminal(name: String, shown: String) {
        #expect(name.printable == shown)
        #expect(name.isPrintable == (name == shown))
    }

    /// JSON is read as YAML, too, which has none of these characters as they are.
    @Test func jsonHasNoCharacterThatNothingElseCanHold() {
        #expect(JSONText.escaped("\"é\u{9B}\u{2028}\u{FFFE}\u{FFFF}\"") == "\"é\\u009b\\u2028\\ufffe\\uffff\"")
    }

    @Test func documentsKeepTheirTabs() {
        #expect("\t<a>\u{9B}".printableLine == "\t<a>\u{FFFD}")
    }

    /// For a terminal, and for `virsh define` all the same.
    @Test func documentsAreReadAsTheyWere() {
        let document = "<a b=\"\u{9B}\t\">\u{202E}\n<!--<?\u{9B}--><![CDATA[\u{9B}<!--]]><?x \u{2028}?>\u{7F}</a>"
        let shown =
            "<a b=\"&#x9b;\t\">&#x202e;\n<!--<?\u{FFFD}--><![CDATA[]]>&#x9b;<![CDATA[<!--]]><?x \u{FFFD}?>&#x7f;</a>"
        #expect(document.printableDocument == shown)
        #expect("<a>\u{E9}&#13;</a>".printableDocument == "<a>\u{E9}&#13;</a>")
    }

    @Test func namesCanNotDriveTheTerminalThroughJSON() throws {
        let names = HostileNames.all
        let text = try JSONText.text(names, pretty: true)
        #expect(
            text.utf8.split(separator: UInt8(ascii: "\n")).allSatisfy {
                String(decoding: $0, as: UTF8.self).isPrintable
            })
        let read = try JSON(parsing: text).items.compactMap(\.text)
        #expect(read.map { Array($0.utf8) } == names.map { Array($0.utf8) })
        #expect(
            try JSONText.text("a\u{9B}\u{202E}\u{2028}é\u{1F600}", pretty: false)
                == #""a\u009b\u202e\u2028é\#u{1F600}""#)
    }

    @Test(arguments: [Style.Choice.auto, .never]) func noColourWithoutATerminal(_ choice: Style.Choice) {
        #expect(Style(choice, descriptor: -1, environment: [:])(.red, "x") == "x")
    }

    @Test func failuresHaveOneOrder() {
        let failure = Failure(.vfInUse, "VF is held", cause: "line 1\nline 2", hints: ["a", "b"])
        #expect(
            FailureView.text(failure, .table, .plain)
                == "error[vf-in-use]: VF is held\ncause: line 1\n  line 2\nhint: a\nhint: b\n")
        #expect(
            FailureView.text(failure, .json, .plain) == """
                {"error":{"cause":"line 1\\nline 2","code":"vf-in-use","hints":["a","b"],"message":"VF is held"},"version":1}

                """)
    }

    @Test(arguments: [
        (["vfpool", "bind", "vm 1"], "vfpool bind 'vm 1'"), (["a", "it's"], "a 'it'\\''s'"), (["x", ""], "x ''"),
        (["vfpool", "-c", "qemu+ssh://root@h/system"], "vfpool -c qemu+ssh://root@h/system"),
    ])
    func commandLinesCanBePasted(words: [String], line: String) {
        #expect(ShellCommand(words: words).shellText == line)
    }

    @Test(arguments: [
        (["-c", "u", "list"], ["list", "-c", "u"]),
        (["--connect=u", "-v", "undo", "x"], ["undo", "--connect=u", "-v", "x"]),
        (["list", "-c", "u"], ["list", "-c", "u"]), (["--version"], ["--version"]), (["-c", "u"], ["-c", "u"]),
        (["---completion", "bind"], ["---completion", "bind"]), ([], []),
    ])
    func leadingOptionsMoveBack(words: [String], expected: [String]) {
        #expect(CommandLineWords.normalized(words) == expected)
    }

    @Test(arguments: [("statos", "status", 1), ("", "ab", 2), ("bind", "bind", 0), ("crate", "create", 1)])
    func distances(left: String, right: String, steps: Int) {
        #expect(CommandLineError.distance(left, right) == steps)
    }

    @Test(arguments: ["dmz", "dmz:vlan=5", "dmz:default", "dmz:vlan=5:default", "dmz:default:vlan=1,2"])
    func portgroups(text: String) {
        #expect(PortgroupArgument(argument: text)?.name == "dmz")
    }

    @Test(arguments: [
        "", ":vlan=5", "dmz:vlan=", "dmz:vlan=x", "dmz:default:default", "dmz:other", "dmz:vlan=1:vlan=2",
    ])
    func badPortgroups(text: String) {
        #expect(PortgroupArgument(argument: text) == nil)
    }

    @Test func aTrunkIsNoTypingError() throws {
        #expect(try VLANArgument(argument: "42")?.tag("x") == 42)
        #expect(VLANArgument(argument: "-1") == nil)
        #expect(VLANArgument(argument: "a,b") == nil)
        let trunk = try #require(VLANArgument(argument: "10,20"))
        let failure = #expect(throws: Failure.self) { try trunk.tag("the pool") }
        #expect(failure?.code == .vlanTrunk)
    }
}
