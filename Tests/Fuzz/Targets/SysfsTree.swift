import Glibc
import SRIOV
import TestSupport
import Text

/// A made-up /sys with two PFs of two kinds, of which a target changes some files and puts them back.
final class SysfsTree: Sendable {
    let folder: String
    let sysfs: Sysfs
    let pfs: [PhysicalFunction]

    init() {
        do {
            var other = PretendPF("eth4", bus: 4, vfs: 4)
            other.driver = "mlx5_core"
            let sys = try PretendSys([PretendPF("eth3", vfs: 4), other])
            for (address, vendor, device) in [("0000:03:00.0", "8086", "10fb"), ("0000:04:00.0", "15b3", "1017")] {
                try sys.write("0x" + vendor, "bus/pci/devices/\(address)/vendor")
                try sys.write("0x" + device, "bus/pci/devices/\(address)/device")
            }
            folder = sys.folder
            sysfs = sys.sysfs
            pfs = try sys.sysfs.physicalFunctions()
        } catch {
            fatalError("no /sys to fuzz: \(error)")
        }
    }

    func write(_ text: [UInt8], _ path: String) {
        guard !path.split(byte: "/").contains(where: { $0.isSame(as: "..") }), !path.utf8.contains(0) else { return }
        try? PretendFiles.write(String(decoding: text, as: UTF8.self), folder + path)
        if text.starts(with: "#!".utf8) { chmod(folder + path, 0o755) }
    }

    func remove(_ path: String) { PretendFiles.remove("\(folder)/\(path)") }

    func read(_ path: String) -> [UInt8]? {
        guard !path.split(byte: "/").contains(where: { $0.isSame(as: "..") }) else { return nil }
        return try? SystemFile.bytes(folder + path)
    }
}
