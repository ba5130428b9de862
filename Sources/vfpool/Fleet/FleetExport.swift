import Fleet
import Text

/// The specs of many hosts: a YAML document each, which names its host.
struct FleetExport: FleetView {
    let list: Name? = nil
    let isText = true
    private var texts: [Name: Name] = [:]
    private var order: [Name] = []

    func fields(_ format: OutputFormat) -> Set<Name> { [] }

    mutating func add(_ host: FleetHost, _ documents: [JSONValue]) { texts[host.name] = documents[0].text }

    mutating func finish(_ answered: [Name], missing: [Name]) { order = answered }

    func show(_ output: Output) {
        for host in order {
            guard let text = texts[host] else { continue }
            if output.isQuiet {
                for name in text.string.lines { output.line("\(host.printable)\t\(String(name).printable)") }
            } else {
                output.line("--- # \(host.printable)")
                for line in text.string.lines { output.line(String(line).printableLine) }
            }
        }
    }
}
