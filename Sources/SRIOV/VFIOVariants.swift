import Glibc
import Text

/// The VFIO drivers among the kernel's modules, and what each is made for: the lines `alias vfio_pci:… MODULE` of `modules.alias`,
/// by which libvirt chooses from 10.0 on.
struct VFIOVariants {
    private let variants: [(pattern: String, module: String)]

    /// Nil where the list can't be read.
    init?(_ sysfs: Sysfs) {
        guard let bytes = try? sysfs.moduleList("modules.alias") else { return nil }
        let start = Array("alias vfio_pci:".utf8)
        variants = bytes.split(separator: UInt8(ascii: "\n")).filter { $0.starts(with: start) }.compactMap { line in
            let words = String(decoding: line, as: UTF8.self).words
            return words.count == 3 ? (String(words[1]), String(words[2])) : nil
        }
    }

    /// The one with the fewest wildcards of those that fit; vfio-pci where none does.
    func best(for address: PCIAddress, below root: String) -> String? {
        guard let device = try? Folder("\(root)/bus/pci/devices/\(address)"),
            let alias = try? device.text("modalias")?.without(prefix: "pci:")
        else { return nil }
        let wanted = "vfio_pci:" + alias
        let fitting = variants.filter { fnmatch($0.pattern, wanted, 0) == 0 }
        let best = fitting.min { Self.wildcards($0.pattern) < Self.wildcards($1.pattern) }
        // The kernel's module of that name is the driver vfio-pci.
        guard let module = best?.module, !module.isSame(as: "vfio_pci") else { return "vfio-pci" }
        return module
    }

    private static func wildcards(_ pattern: String) -> Int { pattern.utf8.count { $0 == UInt8(ascii: "*") } }
}
