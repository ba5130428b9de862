import Glibc
import Text

/// Who has a device itself open.
extension Sysfs {
    /// Every process with a VFIO device or another file of `VFIONode` open, by what it opened, in order of process number.
    ///
    /// Reads the open files of every process of the host (`/proc/PID/fd`), which only root may do for all of them; what
    /// may not be read is left out, and said so.
    package func vfioHolders() throws(HostError) -> (holders: [VFIONode: [VFIOHolder]], isComplete: Bool) {
        guard let proc = try Folder(processes), let names = try proc.names() else {
            throw HostError(processes, ENOENT)
        }
        var holders: [VFIONode: [VFIOHolder]] = [:]
        var isComplete = true
        for pid in names.compactMap({ Int32(digits: $0) }).sorted() {
            do throws(HostError) {
                let nodes = try nodes(of: pid, proc)
                guard !nodes.isEmpty else { continue }
                let holder = try holder(pid, proc)
                for node in nodes { holders[node, default: []].append(holder) }
            } catch  where error.isDenial {
                isComplete = false
            }
        }
        return (holders, isComplete)
    }

    /// The devices that a process has open; none of one that has ended meanwhile.
    private func nodes(of pid: Int32, _ proc: borrowing Folder) throws(HostError) -> Set<VFIONode> {
        guard let files = try proc.folder("\(pid)/fd") else { return [] }
        var nodes: Set<VFIONode> = []
        for number in try files.names() ?? [] {
            if let node = try files.link(number, VFIONode.init(target:)) { nodes.insert(node) }
        }
        return nodes
    }

    private func holder(_ pid: Int32, _ proc: borrowing Folder) throws(HostError) -> VFIOHolder {
        let name = try proc.text("\(pid)/comm") ?? "?"
        let arguments: [UInt8]?
        do throws(HostError) {
            arguments = try proc.contents("\(pid)/cmdline", limit: 1 << 17)
        } catch  where error.isDenial {
            // It has a device open, whatever it is.
            arguments = nil
        }
        return VFIOHolder(
            pid: pid, name: name,
            // Each argument has a zero byte behind it.
            arguments: (arguments ?? []).split(separator: 0, omittingEmptySubsequences: false).dropLast()
                .map { String(decoding: $0, as: UTF8.self) })
    }
}

extension SysfsReader {
    /// Notes, at each virtual function, its vdpa devices and the processes that have its IOMMU group or itself open;
    /// where that can't be read, that its use is unknown.
    ///
    /// - Returns: whether every process could be seen.
    @discardableResult
    func addPrograms(to pfs: inout [PhysicalFunction], in devices: borrowing Folder) -> Bool {
        let files: FunctionFiles
        let holders: [VFIONode: [VFIOHolder]]
        let isComplete: Bool
        do throws(HostError) {
            files = try FunctionFiles(system.root)
            let isNeeded = pfs.contains { pf in
                pf.functions.contains { $0.isBoundToVFIO || files.files[$0.address] != nil }
            }
            (holders, isComplete) = isNeeded ? try system.vfioHolders() : ([:], true)
        } catch {
            for pf in pfs.indices {
                for index in pfs[pf].functions.indices {
                    pfs[pf].functions[index].hostUses.append(.unreadable(error))
                }
            }
            return true
        }
        for pf in pfs.indices {
            for index in pfs[pf].functions.indices {
                let vdpa = files.vdpa[pfs[pf].functions[index].address] ?? []
                pfs[pf].functions[index].hostUses += vdpa.map(HostUse.vdpa)
            }
        }
        guard !holders.isEmpty else { return isComplete }
        for pf in pfs.indices {
            for index in pfs[pf].functions.indices {
                do throws(HostError) {
                    let function = pfs[pf].functions[index]
                    var found = try self.holders(of: function, holders, in: devices)
                    for file in (files.files[function.address] ?? []).sorted(by: { Name($0) < Name($1) }) {
                        found += (holders[.file(file)] ?? []).filter { !found.contains($0) }
                    }
                    pfs[pf].functions[index].holders = found
                    pfs[pf].functions[index].hostUses += found.map { .program(pid: $0.pid, name: $0.name) }
                } catch {
                    pfs[pf].functions[index].hostUses.append(.unreadable(error))
                }
            }
        }
        return isComplete
    }

    private func holders(
        of function: VirtualFunction, _ holders: [VFIONode: [VFIOHolder]], in devices: borrowing Folder
    ) throws(HostError) -> [VFIOHolder] {
        var found = function.iommuGroup.flatMap { holders[.group($0)] } ?? []
        guard function.isBoundToVFIO else { return found }
        for device in try devices.names(in: function.address.description + "/vfio-dev") ?? [] {
            found += (holders[.device(device)] ?? []).filter { !found.contains($0) }
        }
        return found
    }
}

extension VFIONode {
    /// The target of a link in `/proc/PID/fd`, if it is one of these.
    fileprivate init?(target: UnsafeRawBufferPointer) {
        guard target.starts(with: "/dev/".utf8) else { return nil }
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
