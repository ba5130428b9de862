import Glibc

/// A network of our own: for tests that need real netdevs.
enum Namespace {
    struct Failure: Error {
        let step: String
    }

    /// Whether this process may make one.
    static let isAllowed = geteuid() == 0 && access("/usr/sbin/ip", X_OK) == 0

    /// Runs a shell script and then `body` on a thread that has network and mount namespaces to itself; both, and what
    /// the script made in them, end with the thread.
    static func run<Value: Sendable>(_ script: String, _ body: @escaping () throws -> Value) throws -> Value {
        let job = Work(script, body)
        var thread = pthread_t()
        let argument = Unmanaged<Job>.passRetained(job)
        guard pthread_create(&thread, nil, { Namespace.start($0) }, argument.toOpaque()) == 0 else {
            argument.release()
            throw Failure(step: "pthread_create")
        }
        pthread_join(thread, nil)
        guard let outcome = job.outcome else { throw Failure(step: "pthread_join") }
        return try outcome.get()
    }

    private static func start(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        if let argument { Unmanaged<Job>.fromOpaque(argument).takeRetainedValue().run() }
        return nil
    }

    /// Moves this thread into namespaces of its own. Swift's Glibc leaves `unshare` out.
    fileprivate static func enter() throws {
        typealias Unshare = @convention(c) (Int32) -> Int32
        guard let symbol = dlsym(nil, "unshare") else { throw Failure(step: "dlsym") }
        let newNetwork: Int32 = 0x4000_0000
        let newMounts: Int32 = 0x0002_0000
        guard unsafeBitCast(symbol, to: Unshare.self)(newNetwork | newMounts) == 0 else {
            throw Failure(step: "unshare")
        }
    }

    /// A child has the namespaces of the thread that starts it.
    fileprivate static func shell(_ script: String) throws {
        var arguments: [UnsafeMutablePointer<CChar>?] =
            ["sh", "-c", script].map { (text: String) in strdup(text) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var pid = pid_t()
        guard posix_spawn(&pid, "/bin/sh", nil, nil, &arguments, environ) == 0 else { throw Failure(step: "sh") }
        var status: Int32 = 0
        guard waitpid(pid, &status, 0) == pid, status == 0 else { throw Failure(step: script) }
    }
}

private class Job {
    func run() {}
}

private final class Work<Value>: Job {
    let script: String
    let body: () throws -> Value
    var outcome: Result<Value, any Error>?

    init(_ script: String, _ body: @escaping () throws -> Value) {
        self.script = script
        self.body = body
    }

    override func run() {
        outcome = Result {
            try Namespace.enter()
            try Namespace.shell("set -e; mount --make-rprivate /; " + script)
            return try body()
        }
    }
}
