import Glibc

/// stdin, stdout and stderr as they were handed over.
enum StandardStreams {
    /// Takes the place of those that were closed: else the next file or socket that is opened would get the number, and
    /// what is printed would go there, as into libvirt's own connection.
    static func reserve() {
        for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] {
            guard fcntl(descriptor, F_GETFD) == -1, errno == EBADF else { continue }
            // The lowest free number is this one. Writing data has to fail, as it would have; talk goes nowhere.
            let file = open("/dev/null", descriptor == STDERR_FILENO ? O_WRONLY : O_RDONLY)
            // Where that can't be had, anything that is put in its place is better than a file that is written.
            if file < 0, open("/", O_RDONLY) < 0 { _exit(1) }
        }
    }
}
