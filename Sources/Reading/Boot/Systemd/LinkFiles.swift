import Model
import Text

/// systemd's `.link` files: of those that match a netdev, the first one is applied by udev when the netdev appears.
struct LinkFiles {
    let files: BootFiles

    private static let folders = BootFiles.folders("systemd/network")

    /// What a `.link` file with its drop-ins says.
    struct Link {
        var path: String
        /// Lines of `[Match]`, by key.
        var match: [Name: String] = [:]
        /// `SR-IOVVirtualFunctions=`; nil with a place: it is there, and no number.
        var count: (number: Int?, place: Place)?
        /// One more than the highest `VirtualFunction=` of a `[SR-IOV]` section.
        var sections: (number: Int, place: Place)?
    }

    func setters(_ pfs: [PFTraits]) -> [CountSetter] {
        let links = links()
        return pfs.flatMap { pf in
            var setters: [CountSetter] = []
            // The first one that matches is applied; while it is not known whether one does, others may be.
            var isOpen = Truth.yes
            for link in links {
                let truth = LinkMatch(pf).truth(link.match) && isOpen
                guard truth != .no else { continue }
                if let setter = setter(link, pf, truth) { setters.append(setter) }
                if truth == .yes { break }
                isOpen = .maybe
            }
            // Where none of those that may match sets a count, or all of them the same, it does not matter which.
            return setters
        }
    }

    private func setter(_ link: Link, _ pf: PFTraits, _ truth: Truth) -> CountSetter? {
        guard let place = link.count?.place ?? link.sections?.place else { return nil }
        return CountSetter(
            .link, pf.address, place.path, line: place.line,
            count: link.count.map(\.number) ?? link.sections?.number,
            doubt: truth == .yes ? nil : "it is not known whether \(link.path) matches the PF")
    }

    private func links() -> [Link] {
        files.merged(Self.folders, ending: ".link").compactMap { name, path in
            guard let text = files.text(path), !text.isEmpty else { return nil }
            var link = Link(path: path)
            read(text, path, into: &link)
            for (_, path) in files.merged(Self.folders.map { "\($0)/\(name).d" }, ending: ".conf") {
                if let text = files.text(path) { read(text, path, into: &link) }
            }
            // systemd passes over a file without a match.
            return link.match.isEmpty ? nil : link
        }
    }

    private func read(_ text: String, _ path: String, into link: inout Link) {
        for entry in INIText(text, joins: true).entries {
            let place = Place(path: path, line: entry.line)
            switch (entry.section, entry.key) {
            case ("Match", let key):
                let former = link.match[key].map { $0 + " " } ?? ""
                link.match[key] = entry.value.isEmpty ? nil : former + entry.value
            case ("Link", "SR-IOVVirtualFunctions"):
                link.count = entry.value.isEmpty ? nil : (Int(digits: entry.value), place)
            case ("SR-IOV", "VirtualFunction"):
                guard let index = Int(digits: entry.value), index >= link.sections?.number ?? 0 else { continue }
                link.sections = (index + 1, place)
            default: continue
            }
        }
    }
}
