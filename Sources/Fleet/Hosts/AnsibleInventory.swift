import Text

/// What `ansible-inventory --list` prints: groups with their hosts, and each host's variables.
///
/// Of the variables it takes `ansible_host`, `ansible_port`, `ansible_user` and `ansible_connection: local`, and `vfpool_uri`, which says
/// the URI itself. What Ansible itself has for ssh (keys, proxies) is ssh's own matter here: ~/.ssh/config.
struct AnsibleInventory {
    private let root: JSONValue

    init(_ bytes: [UInt8]) throws(HostListError) {
        do throws(JSONError) {
            root = try JSONReader.read(bytes)
        } catch {
            throw HostListError("it begins as JSON does, and \(error.message)")
        }
    }

    /// By name: groups hold hosts in any order, and one host may be in many.
    func hosts(aliases: Set<Name>) throws(HostListError) -> [FleetHost] {
        let variables = root["_meta"]["hostvars"].fields
        var names = Set(variables.keys)
        for (group, value) in root.fields where group != "_meta" { names.formUnion(value["hosts"].texts) }
        var hosts: [FleetHost] = []
        for name in names.sorted(by: NumberOrder.precedes) {
            hosts.append(try host(name, variables[name] ?? .null, aliases))
        }
        return hosts
    }

    private func host(_ name: Name, _ variables: JSONValue, _ aliases: Set<Name>) throws(HostListError) -> FleetHost {
        for variable in ["vfpool_uri", "ansible_connection", "ansible_host", "ansible_port", "ansible_user"] as [Name] {
            guard let text = variables[variable].text, text.string.contains(bytes: "{{") else { continue }
            throw HostListError(
                "\(variable) of \(name.shown) is a template, which `ansible-inventory` prints as it stands: \(text.shown)"
            )
        }
        if let uri = variables["vfpool_uri"].text {
            return FleetHost(
                name,
                uri: try Self.of("vfpool_uri", name) { () throws(HostListError) in
                    try FleetHost(uri.string, aliases: aliases).uri
                })
        }
        if variables["ansible_connection"].text == "local" { return FleetHost(name, uri: "qemu:///system") }
        let (server, user) = (variables["ansible_host"].text, Self.word(variables["ansible_user"]))
        let port = Self.word(variables["ansible_port"])
        if server == nil, user == nil, port == nil { return try FleetHost(name.string, aliases: aliases) }
        if let user {
            guard !user.isEmpty, user.utf8.allSatisfy(FleetHost.isOfUser), !user.hasPrefix(bytes: "-") else {
                throw HostListError("`ansible_user` of \(name) is no name of a user: \(user)")
            }
        }
        if let port, !FleetHost.isPort(port) {
            throw HostListError("`ansible_port` of \(name) is no port: \(port)")
        }
        let address =
            if let server {
                try Self.of("ansible_host", name) { () throws(HostListError) in
                    try FleetHost.host(server.string[...], server.string)
                }
            } else {
                try FleetHost.host(name.string[...], name.string)
            }
        return FleetHost(name, uri: FleetHost.ssh(user: user, host: address, port: port))
    }

    /// Which variable of which host it is that is wrong.
    private static func of<Value>(
        _ variable: Name, _ name: Name, _ value: () throws(HostListError) -> Value
    ) throws(HostListError) -> Value {
        do throws(HostListError) {
            return try value()
        } catch {
            throw HostListError("\(variable) of \(name.shown): \(error.message)")
        }
    }

    /// Text, or a number; Ansible has both for one variable.
    private static func word(_ value: JSONValue) -> String? {
        switch value {
        case .text(let text): text.string
        case .number(let digits): digits.string
        default: nil
        }
    }
}
