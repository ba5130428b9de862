import Glibc
import Text

/// An open folder of the kernel's files, read by names relative to it.
///
/// A host may have thousands of functions with a handful of small files each, so this is a thin layer over `openat`,
/// `readlinkat` and `readdir`. Whatever cannot be read is nil: attributes differ by driver and kernel, files vanish
/// while we look, and some answer only with an error (`carrier` of a port that is down).
struct Folder: ~Copyable {
    private let descriptor: Int32

    init?(_ path: String) {
        self.init(descriptor: open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC))
    }

    private init?(descriptor: Int32) {
        guard descriptor >= 0 else { return nil }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    func folder(_ path: String) -> Folder? {
        Folder(descriptor: openat(descriptor, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC))
    }

    func has(_ path: String) -> Bool { faccessat(descriptor, path, F_OK, 0) == 0 }

    /// A file's text up to its first line break.
    func text(_ path: String) -> String? {
        bytes(path) { String(decoding: $0.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self) }
    }

    /// A file's decimal number, or hexadecimal one that starts with `0x`.
    func number(_ path: String) -> Int? {
        guard let text = text(path) else { return nil }
        return text.without(prefix: "0x").map { Int($0, radix: 16) } ?? Int(text)
    }

    /// The bytes of one of the kernel's attributes, at most a page, handed to `body`.
    func bytes<Result>(_ path: String, _ body: (UnsafeRawBufferPointer) -> Result?) -> Result? {
        let file = openat(descriptor, path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        return withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) { buffer in
            let count = read(file, buffer.baseAddress, buffer.count)
            return count < 0 ? nil : body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }

    /// The first `limit` bytes of a file that may be large; not on the stack, where the above puts them.
    func contents(_ path: String, limit: Int) -> [UInt8]? {
        let file = openat(descriptor, path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
            count = max(0, read(file, buffer.baseAddress, buffer.count))
        }
        return bytes
    }

    /// The last part of a link's target: the driver's name, the PCI address, the group's number.
    func linkName(_ path: String) -> String? {
        link(path) { target in
            String(decoding: target.suffix { $0 != UInt8(ascii: "/") }, as: UTF8.self)
        }
    }

    /// A link's target, handed to `body`.
    func link<Result>(_ path: String, _ body: (UnsafeRawBufferPointer) -> Result?) -> Result? {
        withUnsafeTemporaryAllocation(byteCount: 512, alignment: 1) { buffer in
            guard let start = buffer.baseAddress?.assumingMemoryBound(to: CChar.self) else { return nil }
            let count = readlinkat(descriptor, path, start, buffer.count)
            return count < 0 ? nil : body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }

    /// The names in a folder below this one that start with `prefix`, in no order.
    func names(in path: String = ".", startingWith prefix: String = "") -> [String]? {
        let file = openat(descriptor, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        guard let stream = fdopendir(file) else {
            close(file)
            return nil
        }
        defer { closedir(stream) }
        var names: [String] = []
        let prefixLength = prefix.utf8.count
        while let entry = readdir(stream) {
            let name = UnsafeRawPointer(entry).advanced(by: nameOffset).assumingMemoryBound(to: CChar.self)
            if name[0] == CChar(UInt8(ascii: ".")) { continue }
            if prefixLength == 0 || strncmp(name, prefix, prefixLength) == 0 { names.append(String(cString: name)) }
        }
        return names
    }
}

/// The name is read where it lies: copying the record would read past its end, for the kernel makes it only as long as
/// the name needs.
private let nameOffset = MemoryLayout<dirent>.offset(of: \.d_name) ?? 19

extension UnsafeRawBufferPointer {
    /// The bytes from behind the last one that fails `predicate`.
    fileprivate func suffix(while predicate: (UInt8) -> Bool) -> Slice<UnsafeRawBufferPointer> {
        guard let last = lastIndex(where: { !predicate($0) }) else { return self[...] }
        return self[(last + 1)...]
    }
}
