import Fleet
import Model
import Text

/// What is made of the answers of many hosts, as they come.
protocol FleetView {
    /// The list that the first document has, by which it is known; nil for one without.
    var list: Name? { get }
    /// Whether each host is asked for text where the output is text: then that is its document.
    var isText: Bool { get }
    /// What of the documents is needed for the output's form.
    func fields(_ format: OutputFormat) -> Set<Name>
    /// - Parameter documents: of each of the host's commands.
    mutating func add(_ host: FleetHost, _ documents: [JSONValue])
    /// A host that gave no answer, or has nothing of the name that was asked for.
    mutating func miss(_ host: FleetHost, _ problem: HostProblem)
    /// Once all have answered that will: `hosts` has them in their order.
    mutating func finish(_ answered: [Name], missing: [Name])
    /// What people and scripts read.
    func show(_ output: Output) throws(Failure)
    /// What the whole JSON document has besides `hosts`.
    var json: [(field: String, value: any Encodable)] { get }
    /// How the process ends where all have answered.
    var status: Int32 { get }
}

extension FleetView {
    var isText: Bool { false }
    mutating func miss(_ host: FleetHost, _ problem: HostProblem) {}
    mutating func finish(_ answered: [Name], missing: [Name]) {}
    var json: [(field: String, value: any Encodable)] { [] }
    var status: Int32 { ExitStatus.done }
}
