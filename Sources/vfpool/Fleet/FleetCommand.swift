import Text

/// A command as each host is asked it.
struct FleetCommand {
    let name: String
    var options: [String] = []
    /// What stands behind the options, whatever it begins with.
    var arguments: [Name] = []

    /// - Parameter seconds: the host's time; should the parent be gone, the child ends by itself a little later.
    func words(_ uri: String, _ seconds: Double?, isText: Bool, isQuiet: Bool) -> [String] {
        let form = isText ? ["--format=table", "--color=never"] + (isQuiet ? ["--quiet"] : []) : ["--format=json"]
        return ["vfpool", name, "--connect=\(uri)", "--timeout=\(seconds.map { $0 + 5 } ?? 0)"] + form + options
            + (arguments.isEmpty ? [] : ["--"] + arguments.map(\.string))
    }
}
