import Glibc

/// Texts that wait for their turn, in a file without a name; in memory where no such file can be had.
final class Spool {
    private enum Place {
        case file(at: Int, count: Int)
        case memory(String)
    }

    private lazy var file: UnsafeMutablePointer<FILE>? = {
        let file = tmpfile()
        // No child's.
        if let file { _ = fcntl(fileno(file), F_SETFD, FD_CLOEXEC) }
        return file
    }()
    private var end = 0
    private var places: [Int: Place] = [:]

    deinit {
        // Not made only to be closed.
        if end > 0, let file { fclose(file) }
    }

    func put(_ number: Int, _ text: String) {
        let bytes = Array(text.utf8)
        guard let file, write(bytes, fileno(file)) else {
            places[number] = .memory(text)
            return
        }
        places[number] = .file(at: end, count: bytes.count)
        end += bytes.count
    }

    /// - Returns: nil for one that is not there.
    func take(_ number: Int) -> String? {
        switch places.removeValue(forKey: number) {
        case nil: return nil
        case .memory(let text): return text
        case .file(let place, let count):
            guard let file else { return nil }
            return String(decoding: read(fileno(file), place, count), as: UTF8.self)
        }
    }

    /// - Returns: false where the disk is full.
    private func write(_ bytes: [UInt8], _ file: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let place = end + bytes.count - rest.count
            let count = rest.withUnsafeBytes { pwrite(file, $0.baseAddress, $0.count, place) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    private func read(_ file: Int32, _ place: Int, _ count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let got = pread(file, buffer.baseAddress.map { $0 + filled }, count - filled, place + filled)
                if got < 0, errno == EINTR { continue }
                guard got > 0 else { break }
                filled += got
            }
        }
    }
}
