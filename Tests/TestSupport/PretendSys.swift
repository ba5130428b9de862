import Glibc
package import SRIOV

/// A made-up /sys (and /proc) in a folder of its own, laid out as Linux does; removed when the tests end.
///
///     let host = try PretendSys([PretendPF("eth3", vfs: 4), PretendPF("eth4", bus: 4, functions: [.taken(by: …)])])
///     host.sysfs.physicalFunctions()
package final class PretendSys {
    package let folder: String
    private var nextIndex = 100

    /// Pass as `Sysfs(root:)`.
    package var root: String { folder + "/sys" }
    /// Pass as `Sysfs(processes:)`.
    package var processes: String { folder + "/proc" }
    /// Pass as `Sysfs(modules:)`.
    package var modules: String { folder + "/modules" }

    /// Reads this tree and asks nothing of the kernel.
    package var sysfs: Sysfs { sysfs(readsNetlink: false) }

    package func sysfs(readsNetlink: Bool) -> Sysfs {
        Sysfs(root: root, processes: processes, modules: modules, readsNetlink: readsNetlink)
    }

    package init(_ pfs: [PretendPF] = []) throws(PretendSysError) {
        folder = try PretendFiles.newFolder()
        for path in ["class/net", "class/iommu", "kernel/iommu_groups", "bus/pci/devices", "bus/pci/drivers", "module"]
        {
            try PretendFiles.makeFolder(root + "/" + path)
        }
        try PretendFiles.makeFolder(processes)
        try addNetdev("lo", mac: "00:00:00:00:00:00")
        for (number, pf) in pfs.enumerated() { try add(pf, at: number) }
    }

    // MARK: Whole devices

    /// A PF with its VFs, behind a root port of its own. Their IOMMU groups are 100 × (`number` + 1) and on, the
    /// PF's first, unless they name one.
    package func add(_ pf: PretendPF, at number: Int) throws(PretendSysError) {
        let bridge = "devices/pci0000:00/0000:00:" + hexadecimal(number / 8 + 1) + ".\(number % 8)"
        let path = bridge + "/" + pf.address
        let firstGroup = 100 * (number + 1)
        try addPCI(path, pf.address, driver: pf.driver, group: pf.hasIOMMU ? firstGroup : nil, node: pf.node)
        if let possible = pf.possible {
            try write("\(possible)", path + "/sriov_totalvfs")
            try write("\(pf.functions.count)", path + "/sriov_numvfs")
            try write("128", path + "/sriov_offset")
            try write("2", path + "/sriov_stride")
            try write("1", path + "/sriov_drivers_autoprobe")
        }
        if let netdev = pf.netdev {
            try addNetdev(netdev, mac: pf.mac, on: path, up: pf.up, attributes: pf.attributes)
        }
        for (index, function) in pf.functions.enumerated() {
            let address = function.address ?? pf.functionAddress(index)
            let home = bridge + "/" + address
            let group = pf.hasIOMMU ? function.group ?? firstGroup + 1 + index : nil
            try addPCI(home, address, driver: function.driver, group: group, node: pf.node)
            try link(home + "/physfn", to: path)
            try link(path + "/virtfn\(index)", to: home)
            if let netdev = function.netdev {
                try addNetdev(netdev, mac: function.mac, on: home, up: function.up)
                for upper in function.uppers { try addUpper(upper.name, kind: upper.kind, on: netdev) }
            } else if function.inOtherNamespace {
                try PretendFiles.makeFolder(root + "/" + home + "/net")
            }
            if let device = function.vfioDevice {
                try PretendFiles.makeFolder(root + "/" + home + "/vfio-dev/" + device)
            }
        }
    }

    /// A PCI device at a path below the tree's root.
    package func addPCI(
        _ path: String, _ address: String, driver: String? = nil, group: Int? = nil, node: Int = -1,
        deviceClass: String = "0x020000"
    ) throws(PretendSysError) {
        try write(deviceClass, path + "/class")
        try write("\(node)", path + "/numa_node")
        try link("bus/pci/devices/" + address, to: path)
        if let driver {
            try PretendFiles.makeFolder(root + "/bus/pci/drivers/" + driver)
            try link(path + "/driver", to: "bus/pci/drivers/" + driver)
        }
        if let group {
            try link("kernel/iommu_groups/\(group)/devices/" + address, to: path)
            try link(path + "/iommu_group", to: "kernel/iommu_groups/\(group)")
        }
    }

    /// A netdev on the PCI device at `device`, or a virtual one. `attributes` adds or replaces files.
    package func addNetdev(
        _ name: String, mac: String, on device: String? = nil, up: Bool = true, attributes: [String: String] = [:]
    ) throws(PretendSysError) {
        nextIndex += 1
        let path = (device ?? "devices/virtual") + "/net/" + name
        let files = [
            "address": mac, "addr_assign_type": "0", "flags": up ? "0x1003" : "0x1002", "operstate": up ? "up" : "down",
            "ifindex": "\(nextIndex)", "dev_port": "0", "uevent": "INTERFACE=\(name)\nIFINDEX=\(nextIndex)",
        ].merging(up ? ["carrier": "1"] : [:]) { old, _ in old }.merging(attributes) { _, new in new }
        for (file, text) in files.sorted(by: { $0.key < $1.key }) { try write(text, path + "/" + file) }
        try link("class/net/" + name, to: path)
        if let device { try link(path + "/device", to: device) }
    }

    /// A netdev of `kind` (bridge, bond, vlan, macvtap, …) that stands on another.
    package func addUpper(_ name: String, kind: String, on netdev: String) throws(PretendSysError) {
        let path = "devices/virtual/net/" + name
        if !PretendFiles.exists(root + "/" + path) {
            try addNetdev(
                name, mac: "02:00:00:00:00:01", attributes: ["uevent": "DEVTYPE=\(kind)\nINTERFACE=\(name)"])
            let marks = ["bridge": "bridge", "bond": "bonding", "macvtap": "macvtap"]
            if let mark = marks[kind] { try PretendFiles.makeFolder(root + "/" + path + "/" + mark) }
        }
        try link("class/net/" + netdev + "/upper_" + name, to: path)
        if kind == "bridge" || kind == "bond" { try link("class/net/" + netdev + "/master", to: path) }
    }

    /// A process with these files open.
    package func addProcess(
        _ pid: Int32, name: String, arguments: [String] = [], open files: [String]
    ) throws(PretendSysError) {
        let path = processes + "/\(pid)"
        try PretendFiles.makeFolder(path + "/fd")
        try PretendFiles.write(name + "\n", path + "/comm")
        try PretendFiles.write(arguments.map { $0 + "\0" }.joined(), path + "/cmdline")
        for (number, file) in files.enumerated() { try PretendFiles.link(path + "/fd/\(number)", to: file) }
    }

    /// One of the kernel's lists of modules that can be loaded.
    package func addModules(_ text: String, list: String = "modules.dep") throws(PretendSysError) {
        try PretendFiles.write("6.1.0\n", processes + "/sys/kernel/osrelease")
        try PretendFiles.write(text, modules + "/6.1.0/" + list)
    }

    // MARK: Single files, by paths below the root

    package func write(_ text: String, _ path: String) throws(PretendSysError) {
        try PretendFiles.write(text + "\n", root + "/" + path)
    }

    /// A link at `path` to `target`, relative as all of the kernel's are.
    package func link(_ path: String, to target: String) throws(PretendSysError) {
        // Only the netdevs' folders are reached through links.
        let real = path.hasPrefix("class/net/") ? PretendFiles.real(root + "/" + path, below: root) : path
        let up = String(repeating: "../", count: real.split(separator: "/").count - 1)
        try PretendFiles.link(root + "/" + real, to: up + target)
    }

    /// A link whose target is exactly this text.
    package func replaceLink(_ path: String, to text: String) throws(PretendSysError) {
        try PretendFiles.link(root + "/" + path, to: text)
    }

    package func remove(_ path: String) { PretendFiles.remove(root + "/" + path) }
}

private func hexadecimal(_ number: Int) -> String {
    let text = String(number, radix: 16)
    return text.utf8.count < 2 ? "0" + text : text
}
