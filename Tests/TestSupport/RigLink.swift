import FoundationEssentials
import Glibc

/// A way to a rig's libvirtd. It can be held up at an answer: libvirt has done what it was asked, and who asked does not know.
package struct RigLink: Sendable {
    let name: String
    /// Its socket, the same within the rig and outside.
    let socket: String

    package var uri: String { "qemu+unix:///system?socket=\(socket)" }

    /// How many answers libvirt has given.
    package var answers: Int {
        let text = FileManager.default.contents(atPath: socket + ".answers").map { String(decoding: $0, as: UTF8.self) }
        return text.flatMap { Int($0) } ?? 0
    }

    /// Whether nothing passes now.
    package var isHeld: Bool { access(socket + ".held", F_OK) == 0 && access(socket + ".released", F_OK) != 0 }

    /// Cuts every connection by it, as when a proxy or an ssh ends. What had come by it libvirt is asked so much later.
    package func cut(late seconds: Double = 0) {
        let file = socket + ".cut"
        _ = FileManager.default.createFile(atPath: file + ".new", contents: Data(seconds.description.utf8))
        rename(file + ".new", file)
    }

    /// Lets everything pass from now on, also if it was not held yet.
    package func release() { _ = FileManager.default.createFile(atPath: socket + ".released", contents: nil) }
}
