import Text

/// What many hosts say, each thing once with all hosts that say it; hosts may answer in any order.
struct Gathered<Item: Hashable> {
    private var numbers: [Item: Int] = [:]
    private var items: [Item] = []
    private var said: [Name: [Int]] = [:]

    /// - Parameter list: in the host's own order.
    mutating func add(_ host: Name, _ list: [Item]) {
        said[host] =
            list.map { item in
                if let number = numbers[item] { return number }
                numbers[item] = items.count
                items.append(item)
                return items.count - 1
            }.deduplicated
    }

    /// Whether the host said nothing.
    func isSilent(_ host: Name) -> Bool { said[host]?.isEmpty ?? true }

    /// What one host said.
    func items(of host: Name) -> [Item] { (said[host] ?? []).map { items[$0] } }

    /// Each thing at the place where its first host has it, with its hosts in order.
    func inOrder(_ hosts: [Name]) -> [(item: Item, hosts: [Name])] {
        var owners: [[Name]] = Array(repeating: [], count: items.count)
        var order: [Int] = []
        for host in hosts {
            for number in said[host] ?? [] {
                if owners[number].isEmpty { order.append(number) }
                owners[number].append(host)
            }
        }
        return order.map { (items[$0], owners[$0]) }
    }
}
