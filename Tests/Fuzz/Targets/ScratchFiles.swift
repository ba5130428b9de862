import Glibc
import TestSupport
import Text

/// Files that a target reads, below a folder that is emptied before each input.
struct ScratchFiles: Sendable {
    private let folder: TemporaryFolder

    var path: String { folder.path }

    init() {
        do { folder = try TemporaryFolder() } catch { fatalError("no folder for files: \(error)") }
    }

    /// Writes a file with the folders above it; where that can't be, nothing is written.
    func write(_ text: some Sequence<UInt8>, _ file: String) {
        guard !file.split(byte: "/").contains(where: { $0.isSame(as: "..") }), !file.utf8.contains(0) else { return }
        let text = Array(text)
        var folders = path
        for part in file.split(byte: "/").dropLast() {
            folders += "/" + part
            mkdir(folders, 0o700)
        }
        let descriptor = open(path + "/" + file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        _ = Glibc.write(descriptor, text, text.count)
        if text.starts(with: "#!".utf8) { fchmod(descriptor, 0o700) }
    }

    func remove(_ file: String) {
        guard !file.split(byte: "/").contains(where: { $0.isSame(as: "..") }) else { return }
        PretendFiles.remove(path + "/" + file)
    }
}
