import Glibc

/// A folder that is removed with all that is in it when nobody holds it any more.
package final class TemporaryFolder: Sendable {
    package let path: String

    package init() throws(PretendSysError) {
        path = try PretendFiles.newFolder()
    }

    deinit { PretendFiles.remove(path) }
}
