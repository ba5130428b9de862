import Glibc
import Libvirt
import Model
import Text

/// The socket of this machine by which a URI leads to libvirt, and which daemons listen there: what to do when it does not open.
struct DaemonSocket {
    /// The socket that the URI names; nil leaves it to libvirt.
    let path: String?
    /// The systemd services whose daemon listens there, where libvirt is one or where each driver has a daemon of its own; none
    /// at a socket that is no daemon's, as the end of a tunnel.
    let services: [Name]

    /// Nil for a URI that leads to another machine, or to no socket; none at all is libvirt's own choice, QEMU's daemon.
    init?(_ uri: String?) {
        let uri = uri ?? "qemu:///system"
        guard let mark = uri.firstRange(ofBytes: "://") else { return nil }
        let scheme = uri[..<mark.lowerBound].split(byte: "+").map { Name($0) }
        let (place, query) = uri[mark.upperBound...].cut(at: "?") ?? (uri[mark.upperBound...], "")
        guard let driver = scheme.first else { return nil }
        if scheme.count > 1 {
            guard scheme[1] == "unix" else { return nil }
        } else {
            guard place.hasPrefix(bytes: "/") else { return nil }
        }
        let words = query.split(byte: "&").compactMap { $0.cut(at: "=") }
        func word(_ name: Name) -> String? { words.last { Name($0.before) == name }.map { Self.decoded($0.after) } }
        path = word("socket")
        guard let path else {
            guard let own = Self.daemons[driver] else { return nil }
            let mode = word("mode").map { Name($0) }
            services = mode == "direct" ? [own] : mode == "legacy" ? Self.whole : ["libvirtd", own]
            return
        }
        services = Self.listeners(path.split(byte: "/").last.map { Name($0) } ?? "")
    }

    /// The daemons of the drivers that have guests.
    private static let daemons: [Name: Name] = [
        "bhyve": "virtbhyved", "ch": "virtchd", "lxc": "virtlxcd", "qemu": "virtqemud", "vbox": "virtvboxd",
        "vz": "virtvzd", "xen": "virtxend",
    ]
    private static let others: Set<Name> = [
        "virtinterfaced", "virtnetworkd", "virtnodedevd", "virtnwfilterd", "virtproxyd", "virtsecretd", "virtstoraged",
    ]
    /// At `libvirt-sock`: the one daemon, or the one that stands in for it.
    private static let whole: [Name] = ["libvirtd", "virtproxyd"]

    /// By a socket's file name: `virtqemud-sock-ro`.
    private static func listeners(_ file: Name) -> [Name] {
        for end in ["-sock", "-sock-ro", "-admin-sock"] where file.string.hasSuffix(bytes: end) {
            let start = Name(String(decoding: file.string.utf8.dropLast(end.utf8.count), as: UTF8.self))
            if start == "libvirt" { return whole }
            if daemons.values.contains(start) || others.contains(start) { return [start] }
        }
        return []
    }

    private static func decoded(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            let digits = rest.prefix(2)
            if byte == UInt8(ascii: "%"), digits.count == 2,
                let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    // MARK: What to do

    /// - Returns: nil for an error that is not about the socket.
    func hints(_ error: LibvirtError) -> [Hint]? {
        guard error.code == .systemError else { return nil }
        switch error.systemNumber {
        case ENOENT: return [missing]
        case ECONNREFUSED: return [deserted]
        case EACCES, EPERM: return [closed]
        default: return nil
        }
    }

    private var missing: Hint {
        switch services.count {
        case 0: "there is no socket \(text: path ?? ""): is the daemon or tunnel that makes it running?"
        case 1: "its daemon does not run: `systemctl start \(shell: services[0])`"
        default:
            "its daemon does not run: `systemctl start \(shell: services[0])`, or where each driver has a daemon of its own `systemctl start \(shell: services[1])`"
        }
    }

    private var deserted: Hint {
        switch services.count {
        case 0: "the socket \(text: path ?? "") is there, but nothing listens on it: the program that made it has ended"
        case 1: "the socket is there, but nothing listens on it: `systemctl restart \(shell: services[0])`"
        default:
            "the socket is there, but nothing listens on it: `systemctl restart \(shell: services[0])`, or where each driver has a daemon of its own `systemctl restart \(shell: services[1])`"
        }
    }

    /// Who may use it, as its file says where that is known.
    private var closed: Hint {
        var file = stat()
        guard let path, stat(path, &file) == 0 else { return "run it as root, or as a member of the group libvirt" }
        guard file.st_mode & 0o020 != 0, file.st_gid != 0 else { return "run it as root" }
        let group = getgrgid(file.st_gid).map { String(cString: $0.pointee.gr_name) } ?? String(file.st_gid)
        return "run it as root, or as a member of the group \(text: group)"
    }
}
