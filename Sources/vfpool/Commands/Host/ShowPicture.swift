import ArgumentParser
import Fleet
import FoundationEssentials
import Journal
import Model
import Reading
import Reporting
import Text

struct ShowPicture: Command {
    static let configuration = CommandConfiguration(
        commandName: "picture",
        abstract: "Draw who has which VF",
        discussion: """
            From left to right: PFs, pools, VFs, guests; a band for each NUMA node. A solid line: the guest has the VF now. \
            A dashed one: it gets it at its next start. Grey: shut off. Red, with a number: something that `doctor` finds \
            wrong, listed below. Free VFs in a row are one. Changes nothing, and needs no root, though without it less can be known.

            As text; as SVG, the same bytes for the same state; or as HTML: one file without script or anything from elsewhere, \
            with the picture, `status`, `doctor` and the newest of `log`, to mail, archive, or put on a wiki.

            With `--hosts` each host has a card: its PFs and pools, a square for each VF, and the guests that have VFs. Hosts of which all is \
            the same share one; who does not answer has one with the reason. `--verbose` names every guest, however many there are.

            Examples:
              $ vfpool picture
              One PF, pool or guest:
                $ vfpool picture eth3
              A file; its name says which kind:
                $ vfpool picture --output vfs.svg
                $ vfpool picture --output vfs.html
              Many hosts:
                $ vfpool picture --hosts 'kvm[1-40]' --output fleet.html
            """)

    @Argument(help: "A PF (netdev, PCI address or MAC), a pool, or a guest.", completion: Completion.anything)
    var name: Name?

    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: ArgumentHelp("A file to write or replace, else to stdout.", valueName: "file"),
        completion: .file(extensions: ["svg", "html", "txt"]))
    var file: String?

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Fleet") var fleet: FleetOptions
    @OptionGroup(title: "Output") var output: PictureOptions

    func validate() throws {
        if file?.isEmpty ?? false { throw ValidationError("the file's name is empty") }
    }

    func execute(_ output: Output) throws(Failure) -> Int32 {
        if let fleet = try FleetRead(fleet, connection, output) {
            let names = name.map { [$0] } ?? []
            let doctor = FleetCommand(name: "doctor", arguments: names)
            let part = name.map { FleetCommand(name: "status", arguments: [$0]) }
            return try fleet.run(
                [doctor, FleetCommand(name: "status")] + [part].compactMap(\.self),
                FleetPictureView(fleet.list.hosts, self.output.format ?? kind, file: file, named: name))
        }
        let host = try Host.open(connection.uri, readOnly: true, timeout: connection.patience)
        output.verbose("connected to \(host.uri), read-only")
        let state = try OneRead.state(host, output)
        let facts = host.facts(state, stateFolder: StateFolder.standard(Terminal.environment))
        let report = Report(state)
        let diagnosis = try Diagnosis(state, facts, named: name)
        let picture = try Picture(report, diagnosis, named: name)
        let style = file == nil ? output.dataStyle : Style.plain
        let text =
            switch self.output.format ?? kind {
            case .text: PictureText.text(picture, style)
            case .svg: try PictureSVG.text(drawing(picture))
            case .html: try page(picture, report, diagnosis, host)
            }
        if let file {
            try SharedFile.write(text, to: file, mode: .ofNewFiles)
        } else {
            output.data(text)
        }
        return ExitStatus.done
    }

    /// By the file's name.
    private var kind: PictureFormat {
        guard let ending = file?.cut(atLast: ".")?.after.asciiLowercased else { return .text }
        return ending.isSame(as: "svg") ? .svg : ["html", "htm"].contains(bytes: ending) ? .html : .text
    }

    private func drawing(_ picture: Picture) -> Drawing {
        PictureLayout(picture, title: "Who has which VF: \(picture.uri)").drawing
    }

    private func page(
        _ picture: Picture, _ report: Report, _ diagnosis: Diagnosis, _ host: Host
    ) throws(Failure) -> String {
        let shown = if let name { try report.narrowed(to: name) } else { report }
        let here = host.isLocal ? HostIdentity.ofThisMachine().name : nil
        let page = PicturePage(
            title: "vfpool: \(here ?? report.uri)",
            about: "\(Timestamp.text(Date())), \(report.uri): \(picture.summary)",
            sections: [
                ("Status", StatusView.text(shown, named: name, .plain)),
                (
                    "Doctor",
                    DoctorView.text(Folded.all(diagnosis.checks), .plain) + DoctorView.counts(diagnosis) + "\n"
                ),
                ("Log", log(report.uri)),
            ])
        return try page.text(PictureSVG.document(drawing(picture)))
    }

    /// The newest changes; why not, where they can't be read.
    private func log(_ uri: String) -> String {
        do throws(Failure) {
            let report = try LogReport(
                Journal(StateFolder.standard(Terminal.environment)), limit: 20, machine: .ofThisMachine())
            return report.changes.isEmpty
                ? LogView.nothing + "\n" : LogView.table(report, here: uri, .plain)
        } catch {
            return error.message + (error.cause.map { ": \($0)" } ?? "") + "\n"
        }
    }
}
