import Glibc
import Text

/// An open folder of the kernel's files, read by names relative to it.
///
/// A host may have thousands of functions with a handful of small files each, so this is a thin layer over `openat`,
/// `readlinkat` and `readdir`. What is not there is nil: attributes differ by driver and kernel, files vanish while we
/// look, and some answer only with an error of their own (`carrier` of a PF that is down). What could not be read, for
/// want of a file descriptor, say, is an error: whether a function is in use can't be told then.
struct Folder: ~Copyable {
    let path: String
    private let descriptor: Int32

    /// Nil where there is no such folder.
    init?(_ path: String) throws(HostError) {
        guard let descriptor = try SystemFile.open(path, path, flags: O_DIRECTORY) else { return nil }
        self.init(path, descriptor)
    }

    private init(_ path: String, _ descriptor: Int32) {
        self.path = path
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    private func open(_ name: String, _ flags: Int32 = 0) throws(HostError) -> Int32? {
        try SystemFile.open(name, path + "/" + name, at: descriptor, flags: flags)
    }

    func folder(_ name: String) throws(HostError) -> Folder? {
        guard let descriptor = try open(name, O_DIRECTORY) else { return nil }
        return Folder(path + "/" + name, descriptor)
    }

    func has(_ name: String) throws(HostError) -> Bool {
        if faccessat(descriptor, name, F_OK, 0) == 0 { return true }
        return try SystemFile.absent(path + "/" + name) ?? false
    }

    /// A file's text up to its first line break.
    func text(_ name: String) throws(HostError) -> String? {
        try bytes(name) { String(decoding: $0.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self) }
    }

    /// A file's decimal number, or hexadecimal one that starts with `0x`.
    func number(_ name: String) throws(HostError) -> Int? {
        guard let text = try text(name) else { return nil }
        return text.without(prefix: "0x").map { Int($0, radix: 16) } ?? Int(text)
    }

    /// The bytes of one of the kernel's attributes, at most a page, handed to `body`.
    func bytes<Value>(_ name: String, _ body: (UnsafeRawBufferPointer) -> Value?) throws(HostError) -> Value? {
        guard let file = try open(name) else { return nil }
        defer { close(file) }
        var number: Int32 = 0
        let value = withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) { buffer -> Value? in
            var count = read(file, buffer.baseAddress, buffer.count)
            while count < 0, errno == EINTR { count = read(file, buffer.baseAddress, buffer.count) }
            if count >= 0 { return body(UnsafeRawBufferPointer(rebasing: buffer[..<count])) }
            number = errno
            return nil
        }
        // The attribute's own answer: it means nothing now, or its driver has no notion of it.
        guard number == 0 || [EINVAL, EOPNOTSUPP, ENODATA].contains(number) else {
            let error = HostError(path + "/" + name, number)
            if error.isAbsence { return nil }
            throw error
        }
        return value
    }

    /// The first `limit` bytes of a file that may be large; not on the stack, where the above puts them.
    func contents(_ name: String, limit: Int) throws(HostError) -> [UInt8]? {
        guard let file = try open(name) else { return nil }
        defer { close(file) }
        return try SystemFile.contents(file, path + "/" + name, limit: limit)
    }

    /// The last part of a link's target: the driver's name, the PCI address, the group's number.
    func linkName(_ name: String) throws(HostError) -> String? {
        try link(name) { target in
            String(decoding: target.suffix { $0 != UInt8(ascii: "/") }, as: UTF8.self)
        }
    }

    /// A link's target, handed to `body`; nil where there is none, or something else.
    func link<Value>(_ name: String, _ body: (UnsafeRawBufferPointer) -> Value?) throws(HostError) -> Value? {
        var number: Int32 = 0
        let value = withUnsafeTemporaryAllocation(byteCount: Int(PATH_MAX), alignment: 1) { buffer -> Value? in
            guard let start = buffer.baseAddress?.assumingMemoryBound(to: CChar.self) else { return nil }
            let count = readlinkat(descriptor, name, start, buffer.count)
            if count >= 0 { return body(UnsafeRawBufferPointer(rebasing: buffer[..<count])) }
            number = errno
            return nil
        }
        guard number == 0 || number == EINVAL else {
            let error = HostError(path + "/" + name, number)
            if error.isAbsence { return nil }
            throw error
        }
        return value
    }

    /// The names in a folder below this one that start with `prefix`, in no order; nil where there is no such folder.
    func names(in name: String = ".", startingWith prefix: String = "") throws(HostError) -> [String]? {
        guard let file = try open(name, O_DIRECTORY) else { return nil }
        return try SystemFile.names(file, name == "." ? path : path + "/" + name, startingWith: prefix)
    }
}

extension UnsafeRawBufferPointer {
    /// The bytes from behind the last one that fails `predicate`.
    fileprivate func suffix(while predicate: (UInt8) -> Bool) -> Slice<UnsafeRawBufferPointer> {
        guard let last = lastIndex(where: { !predicate($0) }) else { return self[...] }
        return self[(last + 1)...]
    }
}
