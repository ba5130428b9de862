import Glibc

/// What wakes who waits for a while.
enum LiveWait {
    /// - Parameters:
    ///   - descriptors: that can be read from when something is there; those below 0 are passed over.
    ///   - end: by `LiveHost.now`.
    /// - Returns: which are ready; nil when nobody reads stdout any more.
    static func wait(_ descriptors: [Int32], until end: Double) -> [Int32]? {
        // Asked for nothing, poll tells when the other end of a pipe (POLLERR) or socket (POLLHUP) is gone: ssh without a terminal, and
        // others who start programs, give them a socket.
        var questions = [pollfd(fd: STDOUT_FILENO, events: 0, revents: 0)]
        questions += descriptors.filter { $0 >= 0 }.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        let left = max(0, min(3600, end - LiveHost.now))
        let count = poll(&questions, nfds_t(questions.count), Int32((left * 1000).rounded(.up)))
        guard count > 0 else { return [] }
        if questions[0].revents != 0 { return nil }
        return questions.dropFirst().filter { $0.revents != 0 }.map(\.fd)
    }
}
