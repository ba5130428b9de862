package import Glibc

/// What `readdir` tells of one thing in a folder.
package enum FolderEntry {
    /// Its name, until the next `readdir`.
    ///
    /// It is read where it lies: copying the record would read past its end, for the kernel makes it only as long as the
    /// name needs.
    package static func name(_ entry: UnsafeMutablePointer<dirent>) -> UnsafeBufferPointer<UInt8> {
        let name = UnsafeRawPointer(entry).advanced(by: nameOffset).assumingMemoryBound(to: UInt8.self)
        return UnsafeBufferPointer(start: name, count: strlen(name))
    }

    private static let nameOffset = MemoryLayout<dirent>.offset(of: \.d_name) ?? 19
}
