import ArgumentParser
import FoundationEssentials
import Journal
import Model
import Reporting
import Text

struct BugReport: Command {
    static let configuration = CommandConfiguration(
        commandName: "bugreport",
        abstract: "Collect data for a bug report, with names and MACs masked",
        discussion: """
            Writes a .tar.gz with the output of `doctor`, `status`, `list` and `log`, with versions, and with the \
            documents of pools and of guests that have VFs. Names of guests, pools, hosts and users, MACs, UUIDs and \
            IP addresses are masked, each by the same word in every file; passwords are not even read. Lists the \
            contents first, and asks. Changes nothing on the host. Needs neither root nor a running libvirt: it names \
            what is missing then.

            Only its owner can read the file, and no existing file is overwritten. Look through it before you pass it \
            on.

            Examples:
              $ vfpool bugreport
              Without a question, to a file of your choice:
                $ vfpool bugreport --yes --output fault.tar.gz
              Also tell you what each masked word stands for:
                $ vfpool bugreport --verbose --yes --output fault.tar.gz
            """)

    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: ArgumentHelp(
            "Where to write it, else vfpool-bugreport-TIME.tar.gz in the current folder.", valueName: "file"),
        completion: .file(extensions: ["gz"]))
    var file: String?

    @Flag(name: .shortAndLong, help: "Do not ask.")
    var yes = false

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func validate() throws {
        if file?.isEmpty ?? false { throw ValidationError("the file's name is empty") }
    }

    func execute(_ output: Output) throws(Failure) -> Int32 {
        let now = Date()
        let name = "vfpool-bugreport-\(Timestamp.identifier(now))"
        let path = file ?? name + ".tar.gz"
        try NewFile.checkIsNew(path)
        let report = try BugReportFiles(BugReportReader(connection, output), time: Timestamp.text(now))
        if output.format == .table { show(report, output) }
        for (name, mask) in report.masks.made { output.verbose("\(mask) is \(name)") }
        try Confirmation.ask(
            "this writes \(path)", agreed: yes, output, hints: ["to write it all the same, add `--yes`"])
        try NewFile.write(report.packed(folder: name, time: Int(now.timeIntervalSince1970)), to: path)
        if output.format == .json {
            try output.json(report.json(path))
        } else if output.isQuiet {
            output.line(path.printable)
        } else {
            output.line("Wrote \(path.printable)")
            output.hint("look through it before you pass it on: `tar xzf \(shell: path)`")
        }
        return ExitStatus.done
    }

    private func show(_ report: BugReportFiles, _ output: Output) {
        var table = Table([Table.Column("FILE"), Table.Column("BYTES", isNumber: true), Table.Column("WHAT")])
        for file in report.files {
            table.add([Table.Cell(file.name), Table.Cell(String(file.bytes)), Table.Cell(file.about)])
        }
        if !output.isQuiet { output.data(table.rendered(output.dataStyle)) }
        for part in report.missing { output.warning("not in it: \(part.part): \(part.reason)") }
    }
}
