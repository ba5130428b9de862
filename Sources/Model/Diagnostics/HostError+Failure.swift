import Glibc
package import SRIOV

extension Failure {
    /// What `message` says could not be done, for the host's kernel or files could not be read.
    package init(_ code: Code, _ message: String, _ error: HostError) {
        self.init(code, message, cause: error.words, hints: error.hints)
    }
}

extension HostError {
    /// What can be done about it.
    package var hints: [Hint] {
        switch number {
        case EACCES, EPERM: ["run it as root"]
        case EMFILE: ["let it open more files: `ulimit -n 1024`"]
        case ENFILE: ["the host has too many files open: `sysctl fs.file-nr fs.file-max`"]
        case ENOMEM, ENOBUFS: ["the host, or this process's limit, is out of memory: `free -m`, `ulimit -v`"]
        default: []
        }
    }
}
