import Journal
import Reporting
import SRIOV
import Text

/// PFs with what tells their card: numbers of its vendor and model, its driver.
enum PFView {
    static func text(_ pfs: [PhysicalFunction]) -> String {
        var table = Table([
            Table.Column("ADDRESS"), Table.Column("NETDEV"), Table.Column("ID"), Table.Column("DRIVER"),
            Table.Column("VFS", isNumber: true), Table.Column("POSSIBLE", isNumber: true), Table.Column("UP"),
            Table.Column("CARRIER"), Table.Column("SWITCHDEV"), Table.Column("VF DRIVERS"),
        ])
        for pf in pfs {
            let drivers = pf.functions.map { Name($0.driver ?? "none") }.deduplicated.joined(separator: ", ")
            table.add([
                Table.Cell(pf.address.description), Table.Cell(pf.netdev?.string ?? Table.absent),
                Table.Cell(number("vendor", pf) + ":" + number("device", pf)), Table.Cell(pf.driver ?? Table.absent),
                Table.Cell(String(pf.enabledVFs)), Table.Cell(pf.possibleVFs.map(String.init) ?? Table.unknown),
                word(pf.isUp), word(pf.hasCarrier), word(pf.isSwitchdev),
                Table.Cell(drivers.isEmpty ? Table.absent : drivers),
            ])
        }
        return table.rendered(.plain)
    }

    private static func number(_ file: String, _ pf: PhysicalFunction) -> String {
        let text = try? Files.read("/sys/bus/pci/devices/\(pf.address)/\(file)", limit: 4096)
        return text.map { String($0.trimmed.without(prefix: "0x") ?? $0.trimmed) } ?? Table.unknown
    }

    private static func word(_ flag: Bool?) -> Table.Cell {
        Table.Cell(flag.map { $0 ? "yes" : "no" } ?? Table.unknown)
    }
}
