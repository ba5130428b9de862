import Model
import SRIOV
import TestSupport
import Text
import XML

/// A guest of libvirt's corpus, as libvirt would hand it out.
struct CorpusGuest {
    let path: String
    let text: String
    let document: Document

    static func all() -> [CorpusGuest] {
        Corpus.documents().compactMap { path in
            guard let text = Corpus.read(path), let document = try? Document(parsing: text),
                document.root.name == "domain", document.root.first("devices") != nil
            else { return nil }
            return CorpusGuest(path: path, text: text, document: document)
        }
    }

    /// What `annotated` puts in.
    static let notes = ["<!-- of somebody -->", "<?else own?>", "<else:note xmlns:else=\"urn:else\">", "]]>"]

    /// The same guest with things of other people in it: before, after and within its interfaces.
    func annotated() throws -> CorpusGuest {
        var text = text
        let notes = Self.notes
        for name in ["interface", "hostdev"] {
            text = text.replacing("<\(name) ", with: "\(notes[0])\(notes[1])<\(name) ")
            // A plain hostdev becomes an interface: what is written within it goes with it.
            let within = name == "interface" ? notes[0] : ""
            text = text.replacing("</\(name)>", with: "\(within)</\(name)>\(notes[0])\(notes[1])")
        }
        text = text.replacing(
            "<devices>", with: "<devices>\(notes[0])\(notes[2])<![CDATA[5 < 6]]></else:note>")
        return CorpusGuest(path: path, text: text, document: try Document(parsing: text))
    }
}

/// Ways to write a PCI address that libvirt takes for the same.
enum AddressSpelling: CaseIterable {
    case decimal, upperCase, short, withoutDomain

    /// The guest, with the addresses of its pins written in this way.
    func spelled(_ guest: CorpusGuest) throws -> CorpusGuest {
        let document = try Document(parsing: guest.text)
        let devices = document.root.first("devices")?.children ?? []
        for device in devices where device.name == "interface" || device.name == "hostdev" {
            guard let address = device.first(path: ["source", "address"]), let found = GuestReader.pciAddress(address)
            else { continue }
            for (name, value) in zip(["domain", "bus", "slot", "function"], found.numbers) {
                address[attribute: name] = written(value)
            }
            if self == .withoutDomain, found.numbers[0] == 0 { address[attribute: "domain"] = nil }
        }
        let text = document.serialized()
        return CorpusGuest(path: guest.path, text: text, document: try Document(parsing: text))
    }

    private func written(_ number: Int) -> String {
        switch self {
        case .decimal: String(number)
        case .upperCase: "0x" + String(number, radix: 16, uppercase: true)
        case .short, .withoutDomain: "0x" + String(number, radix: 16)
        }
    }
}

extension PCIAddress {
    /// Domain, bus, slot and function.
    fileprivate var numbers: [Int] {
        attributes.map { Int($0.value.dropFirst(2), radix: 16) ?? 0 }
    }
}
