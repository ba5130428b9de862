import Glibc

/// Whole reads and writes of an open file: what a signal breaks off is gone on with.
package enum Descriptor {
    /// Reads on until the end, for one read may bring less than there is.
    ///
    /// - Parameter limit: no more bytes than these are read.
    /// - Throws: `read`'s error, without a path.
    package static func read(_ file: Int32, limit: Int) throws(HostError) -> [UInt8] {
        var bytes: [UInt8] = []
        var room = 16_384
        while bytes.count < limit {
            room = min(room, limit - bytes.count)
            var number: Int32 = 0
            let part = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
                let read = Glibc.read(file, buffer.baseAddress, buffer.count)
                if read < 0 { number = errno }
                count = max(0, read)
            }
            if number == EINTR { continue }
            guard number == 0 else { throw HostError("", number) }
            if part.isEmpty { break }
            bytes += part
            room = min(room * 2, 1 << 20)
        }
        return bytes
    }

    /// - Throws: `write`'s error, without a path.
    package static func write(_ bytes: some Collection<UInt8>, to file: Int32) throws(HostError) {
        var rest = Array(bytes)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else if errno != EINTR {
                throw HostError("", errno)
            }
        }
    }
}
