import Hook
import Journal
import Model
import SRIOV
import TestSupport
import Text
import XML

/// What libvirt tells its hooks: a VF gets what is wanted of it, and what it had before when it is given back.
struct HookTarget: FuzzTarget {
    private let mutation = MarkupMutation(seeds: FuzzInputs.seeds("hook"))
    private let files = ScratchFiles()

    func mutated(_ input: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
        mutation.mutated(input, &generator)
    }

    func run(_ input: [UInt8]) throws -> Bool {
        for folder in ["etc", "run", "vfpool"] { files.remove(folder) }
        let text = String(decoding: input, as: UTF8.self)
        keepDocuments(input)
        let addresses = FuzzHost.state.pfs[0].functions.map(\.address)
        let untouched = VFSettings(trust: false, spoofCheck: true, linkState: .auto)
        let tables = PretendTables(Dictionary(uniqueKeysWithValues: addresses.map { ($0, untouched) }))
        let complaints = Complaints()
        let hook = SettingsHook(
            files: DaemonFiles(configuration: files.path + "/etc", status: files.path + "/run"),
            records: FunctionRecords(folder: files.path + "/vfpool"), tables: tables
        ) { complaints.words.append($0) }
        func run(_ words: [String]) throws -> Bool {
            try FuzzHost.asked { try hook.run(HookCall(words)) { () throws(Failure) in text } } != nil
        }
        let isGiven = try run(["network", "pool", "port-created", "begin", "-"])
        if !isGiven { try isUntouched(addresses, tables, untouched, "a guest was refused") }
        let isStarted = try run(["qemu", "vm1", "start", "begin", "-"])
        _ = try run(["network", "pool", "port-deleted", "begin", "-"])
        try isUntouched(addresses, tables, untouched, "given back: \(complaints.words)")
        return isGiven || isStarted
    }

    private func isUntouched(
        _ addresses: [PCIAddress], _ tables: PretendTables, _ untouched: VFSettings, _ when: String
    ) throws {
        for address in addresses {
            let row = tables[address] ?? untouched
            // What goes with a VLAN's tag libvirt clears itself.
            let isSame =
                row.trust == untouched.trust && row.spoofCheck == untouched.spoofCheck && row.maxRate == nil
                && row.minRate == nil && row.linkState == untouched.linkState
            try require(isSame, "VF \(address) is left with \(row), \(when)")
        }
    }

    /// The network of the input and its guest, as the daemon keeps them.
    private func keepDocuments(_ input: [UInt8]) {
        guard let root = try? Document(parsing: input).root else { return }
        for (name, folder) in [("network", "etc/networks"), ("domain", "etc")] {
            guard let element = root.first(name), let called = element.first("name")?.text,
                !called.contains(bytes: "/")
            else { continue }
            files.write(element.canonical().utf8, "\(folder)/\(called).xml")
        }
    }

    private final class Complaints { var words: [String] = [] }
}
