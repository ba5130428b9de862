import Glibc
import Model
import SRIOV
import Text

/// Who holds a lock: by the kernel's word and, where that process wrote it down, what it is at.
struct LockHolder {
    private let process: Int?
    private let name: String?
    private let user: String?
    /// Its command, in backticks.
    private let command: String?

    init(of file: Int32) {
        let written = Self.written(file)
        let listed = Self.process(locking: file).flatMap { Self.isAlive($0) ? $0 : nil }
        process =
            listed ?? Self.process(havingOpen: file)
            ?? written.flatMap { Self.isAlive($0.process) ? $0.process : nil }
        command = written.flatMap { [process] in $0.process == process ? $0.command : nil }
        (name, user) = process.map(Self.describe) ?? (nil, nil)
    }

    /// `process 4711 (vfpool, user root), \`vfpool bind vm1\``.
    var words: String {
        guard let process else { return "an unknown process" }
        let about = [name, user.map { "user \($0)" }].compactMap(\.self).joined(separator: ", ")
        return "process \(process)" + (about.isEmpty ? "" : " (\(about))") + (command.map { ", \($0)" } ?? "")
    }

    func failure(_ path: String) -> Failure {
        // Not everybody who can take the lock has to be vfpool.
        guard let process else {
            return Failure(
                .lockHeld, "\(path) is locked by \(words)",
                hints: ["see who has it open: `fuser -v \(shell: path)`; nothing was changed"])
        }
        guard let name, !name.isSame(as: "vfpool") else {
            return Failure(
                .lockHeld, "another vfpool is changing this host: \(words)",
                hints: ["run it again when that one has ended; nothing was changed"])
        }
        return Failure(
            .lockHeld, "\(path) is locked by \(words)", cause: "that is no vfpool",
            hints: ["look at it with `ps -fp \(shell: String(process))`, and end it; nothing was changed"])
    }

    // MARK: What is known

    /// What the holder wrote, if anything.
    private static func written(_ file: Int32) -> (process: Int, command: String)? {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = pread(file, &buffer, buffer.count, 0)
        guard count > 0, let line = String(decoding: buffer.prefix(count), as: UTF8.self).lines.first,
            let (process, command) = line.without(prefix: "process ")?.cut(at: ","), let number = Int(digits: process)
        else { return nil }
        return (number, String(command.drop { $0 == UInt8(ascii: " ") }))
    }

    private static func isAlive(_ process: Int) -> Bool {
        guard let number = pid_t(exactly: process) else { return false }
        return kill(number, 0) == 0 || errno == EPERM
    }

    /// By the kernel's list of locks; nil where it does not tell, as for a process outside of this container.
    private static func process(locking file: Int32) -> Int? {
        var status = stat()
        guard fstat(file, &status) == 0, let bytes = try? SystemFile.bytes("/proc/locks", limit: 8 << 20) else {
            return nil
        }
        let device = UInt64(status.st_dev)
        let major = (device >> 8) & 0xfff | (device >> 32) & ~0xfff
        let minor = device & 0xff | (device >> 12) & 0xfff_ff00
        var others: [Int] = []
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            // 1: FLOCK  ADVISORY  WRITE 4711 00:1a:1234 0 EOF
            let words = String(decoding: line, as: UTF8.self).split(byte: " ")
            guard words.count > 5, words[1].isSame(as: "FLOCK"), let process = Int(digits: words[4]), process > 0 else {
                continue
            }
            let place = words[5].split(byte: ":")
            guard place.count == 3, place[2].isSame(as: String(status.st_ino)) else { continue }
            if UInt64(place[0], radix: 16) == major, UInt64(place[1], radix: 16) == minor { return process }
            others.append(process)
        }
        // Some file systems tell processes another number of their device than they tell the kernel.
        return others.count == 1 ? others.first : nil
    }

    /// A process that got the lock with an open file from one that has ended: the kernel's list names that one alone.
    private static func process(havingOpen file: Int32) -> Int? {
        var wanted = stat()
        guard fstat(file, &wanted) == 0, let names = try? SystemFile.names(in: "/proc") else { return nil }
        for process in names.compactMap({ Int(digits: $0) }).sorted() where process != Int(getpid()) {
            for number in (try? SystemFile.names(in: "/proc/\(process)/fd")) ?? [] {
                guard let status = try? SystemFile.status("/proc/\(process)/fd/\(number)"),
                    status.st_ino == wanted.st_ino, status.st_dev == wanted.st_dev,
                    let about = try? SystemFile.bytes("/proc/\(process)/fdinfo/\(number)", limit: 65_536),
                    String(decoding: about, as: UTF8.self).contains(bytes: "FLOCK")
                else { continue }
                return process
            }
        }
        return nil
    }

    private static func describe(_ process: Int) -> (name: String?, user: String?) {
        guard let bytes = try? SystemFile.bytes("/proc/\(process)/status", limit: 65_536) else { return (nil, nil) }
        var (name, user): (String?, String?)
        for line in String(decoding: bytes, as: UTF8.self).lines {
            if name == nil, let text = line.without(prefix: "Name:\t") { name = String(text) }
            if let text = line.without(prefix: "Uid:\t"), let number = text.split(byte: "\t").first.map(String.init) {
                user =
                    uid_t(digits: number).flatMap { getpwuid($0) }.map { String(cString: $0.pointee.pw_name) } ?? number
            }
        }
        return (name, user)
    }
}
