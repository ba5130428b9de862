import Glibc
import SRIOV
import TestSupport
import Testing

@testable import Model
@testable import Reading

/// A made-up host with two PFs of two kinds, and files of its own that set counts at boot.
///
/// eth3 is an ixgbe at 0000:03:00.0 with the MAC a0:36:9f:03:00:00, eth4 an mlx5_core at 0000:04:00.0 with
/// a0:36:9f:04:00:00; each has 4 VFs of 8.
struct BootHost {
    let sys: PretendSys

    /// - Parameter files: texts by path; those that begin with `#!` can be run.
    init(_ files: [String: String] = [:]) throws {
        var other = PretendPF("eth4", bus: 4, vfs: 4)
        other.driver = "mlx5_core"
        sys = try PretendSys([PretendPF("eth3", vfs: 4), other])
        for (address, vendor, device) in [("0000:03:00.0", "8086", "10fb"), ("0000:04:00.0", "15b3", "1017")] {
            try sys.write("0x" + vendor, "bus/pci/devices/\(address)/vendor")
            try sys.write("0x" + device, "bus/pci/devices/\(address)/device")
        }
        try sys.write("0", "bus/pci/devices/0000:04:00.0/infiniband/mlx5_0/node_type")
        for (path, text) in files { try write(text, path) }
    }

    func write(_ text: String, _ path: String) throws {
        try sys.write(text, ".." + path)
        if text.hasPrefix("#!") { chmod(sys.folder + path, 0o755) }
    }

    func link(_ path: String, to target: String) throws { try sys.replaceLink(".." + path, to: target) }

    /// What is started at boot, as `systemctl enable` has it.
    func enable(_ unit: String) throws {
        try link("/etc/systemd/system/multi-user.target.wants/\(unit)", to: "/etc/systemd/system/\(unit)")
    }

    var pfs: [PhysicalFunction] { get throws { try sys.sysfs.physicalFunctions() } }

    var setup: BootSetup {
        get throws { BootSetupReader(files: SystemFiles(root: sys.folder), pfs: try pfs).setup() }
    }

    /// What is found for each PF: the count, `n` where it can't be read, `?` where something may set one, `-`: nothing.
    var verdict: String {
        get throws {
            let setup = try setup
            return try pfs.map { pf in
                let sure = setup.setters(of: pf)
                if !sure.isEmpty { return sure.map { $0.count.map { "\($0)" } ?? "n" }.joined(separator: "+") }
                return setup.possibleSetters(of: pf).isEmpty ? "-" : "?"
            }.joined(separator: " ")
        }
    }

    func setter(_ netdev: String = "eth3") throws -> CountSetter? {
        let setup = try setup
        let pf = try pfs.first { $0.netdev == .some("\(netdev)") }
        return pf.flatMap { setup.setters(of: $0).first ?? setup.possibleSetters(of: $0).first }
    }
}

/// Files, and what is found of eth3 and eth4 by them.
struct SetterCase: Sendable, CustomTestStringConvertible {
    var name: String
    var verdict: String
    var files: [String: String]

    init(_ name: String, _ verdict: String, _ files: [String: String]) {
        (self.name, self.verdict, self.files) = (name, verdict, files)
    }

    init(_ name: String, _ verdict: String, _ path: String, _ text: String) {
        self.init(name, verdict, [path: text])
    }

    var testDescription: String { name }

    func found() throws -> String { try BootHost(files).verdict }
}
