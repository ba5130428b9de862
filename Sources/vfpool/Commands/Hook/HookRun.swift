import Glibc
import Hook
import Model
import SRIOV

/// `vfpool hook run KIND OBJECT OPERATION …`, as the hook's script runs it. No command for people, so it has no help: any
/// word may be an object's name. libvirt waits for it, and shows what it says on stderr if it fails.
enum HookRun {
    static func status(_ words: [String]) -> Int32 {
        let call = HookCall(words)
        let hook = SettingsHook(complain: { message in tell(message, LOG_WARNING) })
        do throws(Failure) {
            try hook.run(call) { () throws(Failure) in try input() }
            return ExitStatus.done
        } catch {
            let cause = error.cause.map { ": \($0)" } ?? ""
            let hints = error.hints.map { "; \($0)" }.joined()
            tell("\(error.message)\(cause)\(hints)", LOG_ERR)
            return error.exitStatus
        }
    }

    /// A document has at most some megabytes; whoever sends more is not libvirt.
    private static let limit = 16 << 20

    private static func input() throws(Failure) -> String {
        let bytes: [UInt8]
        do throws(HostError) {
            bytes = try Descriptor.read(STDIN_FILENO, limit: limit)
        } catch {
            throw Failure(.file, "could not read what libvirt says", cause: String(cString: strerror(error.number)))
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// To the system's log, and to libvirt, which takes it into its error.
    private static func tell(_ message: String, _ priority: Int32) {
        let text = "vfpool: \(message.printable)\n"
        SystemLog.write(message.printable, priority: priority)
        write(STDERR_FILENO, text, text.utf8.count)
    }
}
