import Fleet
import FoundationEssentials
import Journal
import Model
import Reporting
import Text

/// The picture of many hosts: each by its name, those that did not answer with the reason.
struct FleetPictureView: FleetView {
    let list: Name? = "checks"
    private let kind: PictureFormat
    private let file: String?
    /// What was asked for of each host, as its third document has it; nil for all of it.
    private let name: Name?
    /// All of them, as they were named.
    private let hosts: [Name]
    private var contents = Gathered<FleetPicture.Content>()
    private var doctor = FleetDoctor(problemsOnly: true)
    private var pools = FleetList()
    private var problems = FleetProblems()

    init(_ hosts: [FleetHost], _ kind: PictureFormat, file: String?, named name: Name?) {
        self.hosts = hosts.map(\.name)
        self.kind = kind
        self.file = file
        self.name = name
    }

    func fields(_ format: OutputFormat) -> Set<Name> {
        FleetPicture.Host.fields.union(doctor.fields(format)).union(pools.fields(format))
    }

    mutating func add(_ host: FleetHost, _ documents: [JSONValue]) {
        let part = documents.count > 2 ? documents[2] : nil
        contents.add(host.name, [.host(FleetPicture.Host(documents[0], documents[1], part: part))])
        doctor.add(host, documents)
        pools.add(host, [part ?? documents[1]])
    }

    mutating func miss(_ host: FleetHost, _ problem: HostProblem) {
        problems.add(host, problem)
        // It did answer, and has nothing of that name.
        guard !problem.isOfName else { return }
        let reason = FleetProblems.alike(problems.reason(of: host.name) ?? problem.message, host)
        contents.add(host.name, [.missing(reason)])
    }

    mutating func finish(_ answered: [Name], missing: [Name]) {
        doctor.finish(answered, missing: missing)
        pools.finish(answered, missing: missing)
    }

    func show(_ output: Output) throws(Failure) {
        let cards = contents.inOrder(hosts).map { content, hosts in
            // One's reason stands in its own words, that of several in those that fit all.
            let own = hosts.count == 1 ? hosts.first.flatMap { problems.reason(of: $0) } : nil
            return FleetPicture.Card(hosts: hosts, content: own.map { .missing(Name($0)) } ?? content)
        }
        guard !cards.isEmpty else { return }
        let picture = FleetPicture(cards: cards, between: name == nil ? doctor.betweenHosts : [])
        let text =
            switch kind {
            case .text: FleetPictureText.text(picture, file == nil ? output.dataStyle : .plain, all: output.isVerbose)
            case .svg: try PictureSVG.text(drawing(picture, output))
            case .html: try page(picture, output)
            }
        if let file { try SharedFile.write(text, to: file, mode: .ofNewFiles) } else { output.data(text) }
    }

    private func drawing(_ picture: FleetPicture, _ output: Output) -> Drawing {
        let title = name.map { "Who has which VF: \($0)" } ?? "Who has which VF"
        let count = Words.count(hosts.count, "host")
        return FleetPictureLayout(picture, title: "\(title), \(count)", all: output.isVerbose).drawing
    }

    private func page(_ picture: FleetPicture, _ output: Output) throws(Failure) -> String {
        let page = PicturePage(
            title: "vfpool: \(Words.count(hosts.count, "host"))",
            about: "\(Timestamp.text(Date())): \(picture.summary)",
            sections: [
                ("Pools", pools.text(.plain, all: output.isVerbose)),
                ("Doctor", doctor.text(.plain, each: output.isVerbose).text),
            ])
        return try page.text(PictureSVG.document(drawing(picture, output)))
    }
}
