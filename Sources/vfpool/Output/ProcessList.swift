import Glibc

/// Whether a process that the journal names is still there.
enum ProcessList {
    /// Process numbers are used again, so the name has to fit as well.
    static func runsVFPool(_ process: Int32) -> Bool {
        guard let file = fopen("/proc/\(process)/comm", "r") else { return false }
        defer { fclose(file) }
        var buffer = [UInt8](repeating: 0, count: 64)
        let count = fread(&buffer, 1, buffer.count, file)
        return String(decoding: buffer.prefix(count), as: UTF8.self) == "vfpool\n"
    }
}
