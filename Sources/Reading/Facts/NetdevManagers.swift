import Model
import Text

/// Which of the host's network services manages a netdev, by the state that each of them keeps in /run.
struct NetdevManagers {
    let files: SystemFiles

    func managers(of netdevs: [Name]) -> [Name: String] {
        let ifupdown = ifupdownNames()
        // Mostly there is one of them, or none: what it keeps of each netdev needs no look then.
        let services = Service.allCases.filter { files.kind($0.folder) != .absent }
        var managers: [Name: String] = [:]
        for netdev in netdevs {
            if let manager = manager(of: netdev, ifupdown, services) { managers[netdev] = manager }
        }
        return managers
    }

    /// One that keeps a file of each netdev, called by its index.
    private enum Service: String, CaseIterable {
        case networkManager = "NetworkManager"
        case networkd = "systemd-networkd"

        var folder: String {
            switch self {
            case .networkManager: "/run/NetworkManager/devices"
            case .networkd: "/run/systemd/netif/links"
            }
        }
    }

    private func manager(of netdev: Name, _ ifupdown: Set<Name>, _ services: [Service]) -> String? {
        if ifupdown.contains(netdev) { return "ifupdown" }
        guard !services.isEmpty else { return nil }
        guard let index = files.text("/sys/class/net/\(netdev)/ifindex").value.map({ $0.prefix(bytes: \.isDigit) }),
            !index.isEmpty
        else { return nil }
        return services.first { manages("\($0.folder)/\(index)", $0) }?.rawValue
    }

    private func manages(_ path: String, _ service: Service) -> Bool {
        switch service {
        case .networkManager:
            let manager = value("managed", path)
            return manager == "true" || manager == "1"
        case .networkd:
            // `unmanaged` is its word for what it leaves alone, `linger` for what it manages no more.
            let state = value("ADMIN_STATE", path)
            return state.map { !["unmanaged", "linger", "pending", "initialized"].contains($0) } ?? false
        }
    }

    private func value(_ key: String, _ path: String) -> String? {
        guard let text = files.text(path).value else { return nil }
        return text.lines.lazy.compactMap { $0.without(prefix: key + "=") }.first.map { String($0) }
    }

    /// Names behind `auto`, `allow-hotplug` and `iface`.
    private func ifupdownNames() -> Set<Name> {
        let more = files.names(in: "/etc/network/interfaces.d").value ?? []
        let paths = ["/etc/network/interfaces"] + more.map { "/etc/network/interfaces.d/\($0)" }
        var names: Set<Name> = []
        for line in paths.compactMap({ files.text($0).value }).flatMap({ $0.lines }) {
            let words = line.words.map { Name($0) }
            guard let first = words.first else { continue }
            if first == "auto" || first == "allow-hotplug" { names.formUnion(words.dropFirst()) }
            if first == "iface", words.count > 3, words[3] != "manual" { names.insert(words[1]) }
        }
        return names
    }
}
