import Glibc

/// A descriptor that one thread makes readable and another polls.
final class Bell: Sendable {
    let descriptor: Int32
    private let far: Int32

    /// Nil where there is no descriptor left.
    init?() {
        var ends: [Int32] = [-1, -1]
        let kind = SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue
        guard socketpair(AF_UNIX, Int32(kind), 0, &ends) == 0 else { return nil }
        (descriptor, far) = (ends[0], ends[1])
    }

    deinit {
        close(descriptor)
        close(far)
    }

    /// One that is full says it as well.
    func ring() {
        var byte: UInt8 = 0
        _ = write(far, &byte, 1)
    }

    func clear() {
        var bytes = [UInt8](repeating: 0, count: 4096)
        while read(descriptor, &bytes, bytes.count) == bytes.count {}
    }

    /// As what C was given: retained.
    static func ring(_ held: UnsafeMutableRawPointer?) {
        if let held { Unmanaged<Bell>.fromOpaque(held).takeUnretainedValue().ring() }
    }

    static let release: @convention(c) (UnsafeMutableRawPointer?) -> Void = { held in
        if let held { Unmanaged<Bell>.fromOpaque(held).release() }
    }
}
