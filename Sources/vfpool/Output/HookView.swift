import Model

/// The hook's files, one a line, and what to do about them.
enum HookView {
    static func show(_ report: HookReport, _ output: Output) {
        if output.isQuiet {
            for file in report.files where file.state == .installed { output.line(file.path.printable) }
            return
        }
        var table = Table([Table.Column("FILE"), Table.Column("STATE")])
        for file in report.files {
            table.add([Table.Cell(file.path), Table.Cell(file.state.rawValue, colour(file.state))])
        }
        output.data(table.rendered(output.dataStyle))
        output.line("Last run by libvirt: \(report.lastRun ?? "not since the host started, or not to be seen")")
        if !report.others.isEmpty { output.note("other hooks here: \(Words.list(report.others))") }
        for file in report.files {
            switch file.state {
            case .installed: break
            case .missing: output.note("\(file.path) is not there", hints: ["install it: `vfpool hook install`"])
            case .notExecutable, .differs:
                output.warning(
                    "\(file.path) is not as this vfpool would write it", hints: ["renew it: `vfpool hook install`"])
            case .foreign: output.warning("\(file.path) is not vfpool's")
            case .unknown: output.note("\(file.path) can't be read", hints: ["run it as root"])
            }
        }
    }

    private static func colour(_ state: HookReport.FileState) -> Style.Colour {
        switch state {
        case .installed: .green
        case .missing, .unknown: .faint
        case .notExecutable, .differs, .foreign: .red
        }
    }
}
