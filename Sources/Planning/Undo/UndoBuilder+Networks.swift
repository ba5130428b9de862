import Model
import Text
import XML

extension UndoBuilder {
    /// A network's document without the functions that it lists: those change with every bind, which is upkeep, not an edit.
    static func withoutFunctions(_ text: String) throws(Failure) -> String {
        try readable("a network") { () throws(XMLError) in
            let document = try Document(parsing: text)
            try PoolDocument.set(.addresses([]), in: document)
            return document.canonical()
        }
    }

    static func release(_ port: NetworkPortState, _ network: Name) -> Plan.Item? {
        port.address.map {
            Plan.Item(.release(network: network, Reservation(port: port, address: $0)), isUpkeep: true)
        }
    }
}
