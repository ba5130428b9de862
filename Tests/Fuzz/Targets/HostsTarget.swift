import Fleet
import TestSupport
import Text

/// A list of hosts, as lines or as Ansible prints it: each host stands in it once, and what it is called can be said again.
struct HostsTarget: FuzzTarget {
    private let data = DataMutation(
        seeds: FuzzInputs.seeds("hosts").filter { $0.first == UInt8(ascii: "{") }, alwaysJSON: true)
    private let lines = WordsMutation(seeds: FuzzInputs.seeds("hosts").filter { $0.first != UInt8(ascii: "{") })

    func mutated(_ input: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
        input.first == UInt8(ascii: "{") ? data.mutated(input, &generator) : lines.mutated(input, &generator)
    }

    func run(_ input: [UInt8]) throws -> Bool {
        let list: HostList
        do throws(HostListError) {
            list = try HostList(file: input, aliases: ["alias"])
        } catch {
            try require(!error.message.isEmpty, "refused without words")
            return false
        }
        let names = list.hosts.map(\.name)
        try require(names.deduplicated.count == names.count, "a host is there twice: \(names)")
        for host in list.hosts {
            try require(!host.uri.utf8.contains(where: { $0 < 0x21 }), "a URI with a blank in it: \(host.uri)")
            try require(host.uri.utf8.first != UInt8(ascii: "-"), "a URI that is an option: \(host.uri)")
        }
        return true
    }
}
