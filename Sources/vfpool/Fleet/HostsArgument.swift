import Fleet
import FoundationEssentials
import Glibc
import Journal
import Model
import Text

/// What `--hosts` names: the list that stands there, in a file, or on stdin.
enum HostsArgument {
    /// More of a file is not read.
    private static let limit = 10 << 20

    /// - Throws: `bad-hosts`.
    static func list(_ argument: String) throws(Failure) -> HostList {
        let aliases = aliases
        do throws(HostListError) {
            guard let file = try file(argument) else { return try HostList(names: argument, aliases: aliases) }
            return try HostList(file: file, aliases: aliases)
        } catch {
            let place = error.line.map { "line \($0): " } ?? ""
            throw Failure(
                .badHosts, "the list of hosts \(argument == "-" ? "on stdin" : argument) can't be used",
                cause: place + error.message,
                hints: ["name hosts as `--hosts 'kvm[1-40],db1'`, or in a file, one host or URI a line"])
        }
    }

    /// What a file holds; nil where the words are the list.
    private static func file(_ argument: String) throws(HostListError) -> [UInt8]? {
        do throws(Failure) {
            if argument == "-" { return try Files.bytes(of: STDIN_FILENO, "stdin", limit: limit, isPlain: false) }
            var status = stat()
            let isPath = argument.contains(bytes: "/") && !argument.contains(bytes: ":/")
            guard isPath || stat(argument, &status) == 0 && status.st_mode & S_IFMT != S_IFDIR else { return nil }
            // The shell's `<(…)` is a pipe, which is waited for.
            let file = open(argument, O_RDONLY | O_CLOEXEC)
            guard file >= 0 else { throw Failure(.file, "", cause: String(cString: strerror(errno))) }
            defer { close(file) }
            return try Files.bytes(of: file, argument, limit: limit, isPlain: false)
        } catch {
            throw HostListError(error.cause ?? error.message)
        }
    }

    /// Names for which libvirt has URIs, where its library looks for them: of root the system's file, of others their own.
    private static var aliases: Set<Name> {
        let environment = Terminal.environment
        let own = environment["XDG_CONFIG_HOME"] ?? "\(environment["HOME"] ?? "")/.config"
        let folder = geteuid() == 0 ? "/etc" : own
        return (try? Files.read("\(folder)/libvirt/libvirt.conf")).map(URIAliases.names) ?? []
    }
}
