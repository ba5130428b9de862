import CLibvirt
import Glibc
import Parallel

/// libvirt's event loop, on a thread of its own until the process ends.
///
/// A connection opened after its start answers the daemon's keep-alive from the loop, so the loop has to run as long as
/// there is such a connection: the daemon closes one that is silent for 30 s, as while we wait for a yes.
enum EventLoop {
    /// Starts it, the first time. Has to come before the connections that it serves are opened.
    static func start() throws(LibvirtError) {
        try started.get()
    }

    private static let started = Result<Void, LibvirtError> { () throws(LibvirtError) in
        try register()
        guard let thread = Thread.start(run) else {
            throw LibvirtError(code: .systemError, message: "cannot start a thread for libvirt's events")
        }
        pthread_detach(thread)
    }

    static func register() throws(LibvirtError) {
        try Answer.done(virInitialize())
        try Answer.done(virEventRegisterDefaultImpl())
    }

    @Sendable private static func run() {
        while true {
            // It doesn't fail; if it ever does, don't spin.
            if virEventRunDefaultImpl() < 0 { usleep(100_000) }
        }
    }
}
