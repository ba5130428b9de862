import Text

/// Who has a VFIO device open.
extension Sysfs {
    /// Every process with a VFIO device open, by what it opened, in order of process number.
    ///
    /// Reads the open files of every process of the host (`/proc/PID/fd`), which only root may do for all of them; what
    /// may not be read is left out.
    package func vfioHolders() -> [VFIONode: [VFIOHolder]] {
        guard let proc = Folder(processes), let names = proc.names() else { return [:] }
        var holders: [VFIONode: [VFIOHolder]] = [:]
        for pid in names.compactMap({ Int32(digits: $0) }).sorted() {
            let process = String(pid)
            guard let files = proc.folder(process + "/fd"), let numbers = files.names() else { continue }
            let nodes = Set(numbers.compactMap { files.link($0, VFIONode.init(target:)) })
            guard !nodes.isEmpty else { continue }
            let holder = VFIOHolder(
                pid: pid, name: proc.text(process + "/comm") ?? "?",
                // Each argument has a zero byte behind it.
                arguments: (proc.contents(process + "/cmdline", limit: 1 << 17) ?? [])
                    .split(separator: 0, omittingEmptySubsequences: false).dropLast()
                    .map { String(decoding: $0, as: UTF8.self) })
            for node in nodes { holders[node, default: []].append(holder) }
        }
        return holders
    }
}

extension Reading {
    /// Notes, at each virtual function, the processes that have its IOMMU group or itself open.
    func addPrograms(to ports: inout [PhysicalFunction], in devices: borrowing Folder) {
        guard ports.contains(where: { $0.functions.contains(where: \.isBoundToVFIO) }) else { return }
        let holders = system.vfioHolders()
        guard !holders.isEmpty else { return }
        for port in ports.indices {
            for index in ports[port].functions.indices {
                let function = ports[port].functions[index]
                var found = function.iommuGroup.flatMap { holders[.group($0)] } ?? []
                if function.isBoundToVFIO {
                    for device in devices.names(in: function.address.description + "/vfio-dev") ?? [] {
                        found += (holders[.device(device)] ?? []).filter { !found.contains($0) }
                    }
                }
                ports[port].functions[index].holders = found
                ports[port].functions[index].hostUses += found.map { .program(pid: $0.pid, name: $0.name) }
            }
        }
    }
}

extension VFIONode {
    /// The target of a link in `/proc/PID/fd`, if it is a VFIO device.
    fileprivate init?(target: UnsafeRawBufferPointer) {
        guard target.starts(with: "/dev/vfio/".utf8) else { return nil }
        self.init(path: String(decoding: target, as: UTF8.self))
    }
}

extension VFIOHolder {
    fileprivate init(pid: Int32, name: String, arguments: [String]) {
        func value(_ option: String) -> String? {
            guard let place = arguments.firstIndex(where: { $0.isSame(as: option) }), place + 1 < arguments.count else {
                return nil
            }
            return arguments[place + 1]
        }
        self.init(pid: pid, name: name, guestUUID: value("-uuid"), guestName: value("-name").flatMap(Self.guest))
    }

    /// `guest=NAME,debug-threads=on`, where a comma of the name is written twice.
    static func guest(inName option: String) -> String? {
        guard var rest = option.without(prefix: "guest=")?.utf8 else { return nil }
        let comma = UInt8(ascii: ",")
        var name: [UInt8] = []
        while let byte = rest.popFirst() {
            if byte == comma {
                guard rest.first == comma else { break }
                rest.removeFirst()
            }
            name.append(byte)
        }
        return String(decoding: name, as: UTF8.self)
    }
}
