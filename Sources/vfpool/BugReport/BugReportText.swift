import Model
import Reporting
import Text

/// The first page of a bug report.
enum BugReportText {
    static func readme(
        _ reader: BugReportReader, _ missing: [BugReportReader.Missing], _ files: [BugReportFiles.File], time: String
    ) -> String {
        var lines = [
            "A bug report, made by `vfpool bugreport` at \(time), of \(reader.uri ?? "no host").", "",
            "Names of guests, pools, networks, portgroups, hosts and users, MACs, UUIDs and IP addresses are masked: each is",
            "replaced by the same word or number in every file, two different ones by two. Passwords are not in it: it is read",
            "without them. In documents, every value is masked that is not a number or one of libvirt's own words. PCI addresses,",
            "VLANs, netdevs that the kernel or systemd named, paths, and error texts but for masked words in them, are as they are.",
            "",
        ]
        lines += files.map { "\($0.name): \($0.about)" } + [""]
        if reader.otherGuests > 0 {
            lines.append(
                "Documents of \(Words.count(reader.otherGuests, "guest")) without a VF or pool are left out.")
        }
        if let older = reader.log?.older, older > 0 {
            lines.append("\(Words.count(older, "older change")) of the journal are left out.")
        }
        for part in missing { lines.append("Missing: \(part.part): \(part.reason)") }
        return lines.joined(separator: "\n") + "\n"
    }
}
