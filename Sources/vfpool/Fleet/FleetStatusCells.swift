import Fleet
import Model
import Reporting
import Text

/// A VF or an interface of a host's document as a row.
enum FleetStatusCells {
    static func function(_ function: JSONValue) -> [Table.Cell] {
        let guest = function["guest"].text ?? (function["use"].text == "later" ? nil : function["reason"].text)
        let pools = function["pools"].texts
        return [
            Table.Cell(function["pf"].text ?? Name(Table.unknown)), cell(function, "index", missing: Table.unknown),
            Table.Cell(function["address"].text ?? Name(Table.unknown)), use(function),
            Table.Cell(guest ?? Name(Table.absent)), cell(function, "mac"), cell(function, "vlan"),
            cell(function, "driver"),
            Table.Cell(pools.isEmpty ? Table.absent : pools.joined(separator: ", ")),
        ]
    }

    private static func use(_ function: JSONValue) -> Table.Cell {
        // Free as far as libvirt knows: the host's own use can't be seen from here.
        if function["unknown"]["hostUse"].text != nil { return Table.Cell("free?", .green) }
        let use = function["use"].text?.string ?? Table.unknown
        return switch VFUse(rawValue: use) {
        case .free: Table.Cell(use, .green)
        case .later, .reserved, .outside: Table.Cell(use, .yellow)
        case .host: Table.Cell(use, .magenta)
        case .unknown: Table.Cell(use, .red)
        case .taken, nil: Table.Cell(use)
        }
    }

    static func interface(_ interface: JSONValue, of guest: JSONValue) -> [Table.Cell] {
        [
            Table.Cell(guest["name"].text ?? Name(Table.unknown)), cell(interface, "index"), cell(interface, "mac"),
            cell(interface, "vlan"), Table.Cell(words(interface["status"])),
            Table.Cell(words(interface["configuration"])),
        ]
    }

    private static func words(_ connection: JSONValue) -> String {
        guard let kind = connection["kind"].text.flatMap({ ConnectionReport.Kind(rawValue: $0.string) }) else {
            return Table.absent
        }
        return ConnectionReport(
            kind: kind, name: connection["name"].text, portgroup: connection["portgroup"].text,
            address: connection["address"].text?.string
        ).words
    }

    private static func cell(_ object: JSONValue, _ field: Name, missing: String = Table.absent) -> Table.Cell {
        switch object[field] {
        case .text(let text), .number(let text): Table.Cell(text)
        default: Table.Cell(object["unknown"][field].text == nil ? missing : Table.unknown)
        }
    }
}
