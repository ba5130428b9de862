import Journal
package import Model
import Synchronization

/// This machine's files, failing where they are told to.
package final class FaultyFiles: HostFiles {
    private let base = LocalFiles()
    private let count = Mutex(0)
    private let fault: (call: Int, hasEffect: Bool)?

    /// - Parameter fault: which read or write fails, from 0, and whether it has its effect all the same.
    package init(fault: (call: Int, hasEffect: Bool)? = nil) { self.fault = fault }

    package var calls: Int { count.withLock { $0 } }

    private func call<T>(_ body: () throws(Failure) -> T) throws(Failure) -> T {
        let number = count.withLock { count in
            defer { count += 1 }
            return count
        }
        guard let fault, fault.call == number else { return try body() }
        if fault.hasEffect { _ = try body() }
        throw Failure(.file, "refused")
    }

    package func content(_ path: String) throws(Failure) -> FileContent? {
        try call { () throws(Failure) in try base.content(path) }
    }

    package func link(_ path: String) throws(Failure) -> FileContent? {
        try call { () throws(Failure) in try base.link(path) }
    }

    package func hasFolder(_ path: String) -> Bool { base.hasFolder(path) }

    package func write(_ content: FileContent, to path: String) throws(Failure) {
        try call { () throws(Failure) in try base.write(content, to: path) }
    }

    package func remove(_ path: String, folder: Bool) throws(Failure) {
        try call { () throws(Failure) in try base.remove(path, folder: folder) }
    }
}
