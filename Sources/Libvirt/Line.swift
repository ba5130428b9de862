import CLibvirt
import Synchronization

/// A connection's `virConnectPtr`, and the waiting for its answers.
///
/// libvirt's calls last as long as the other end says nothing, and can't be ended. So others (`Worker`) make them for
/// whoever wants to know, who waits as long as he has patience. Then the line is cut: nothing is asked on it any more, and who
/// still waits for an answer is left to it.
final class Line: @unchecked Sendable {
    /// Seconds for a farewell.
    private static let farewell = 2.0

    let pointer: OpaquePointer
    let patience: Patience
    private let end: Double?
    private let answers = Atomic<Int>(0)
    private let cut = Atomic<Bool>(false)

    /// Takes over what `virConnectOpenAuth` has just returned on this thread; `nil` throws that call's error.
    init(_ pointer: OpaquePointer?, _ patience: Patience, end: Double?) throws(LibvirtError) {
        self.pointer = try Answer.object(pointer)
        self.patience = patience
        self.end = end
    }

    deinit {
        // The daemon finds out by itself who is gone.
        guard !isCut else { return }
        nonisolated(unsafe) let pointer = pointer
        let closed = Pending<Void>()
        let close: @Sendable () -> Void = {
            _ = virConnectClose(pointer)
            closed.bring(())
        }
        guard Worker.start(close) else { return close() }
        _ = closed.wait(Watch(Patience(seconds: Self.farewell)))
    }

    var isCut: Bool { cut.load(ordering: .relaxed) }

    /// What a call answers, or the error of one who has waited long enough.
    ///
    /// - Parameter isLong: whether the call may well take longer than the daemon is ever silent.
    func call<R: Sendable>(
        isLong: Bool = false, _ body: @escaping @Sendable () throws(LibvirtError) -> R
    ) throws(LibvirtError) -> R {
        guard !isCut else { throw noAnswer }
        if Worker.isWatched { return try counted(body) }
        let pending = Pending<Result<R, LibvirtError>>()
        let isBegun = Worker.start {
            pending.bring(Result { () throws(LibvirtError) in try self.counted(body) })
        }
        // Better an answer late than none.
        guard isBegun else { return try body() }
        guard let result = pending.wait(watch(isLong: isLong)) else { throw giveUp() }
        return try result.get()
    }

    /// Waits for what is done with many calls on this line, by threads that are watched.
    func wait<R>(for pending: Pending<R>) throws(LibvirtError) -> R {
        guard let result = pending.wait(watch()) else { throw giveUp() }
        return result
    }

    private func watch(isLong: Bool = false) -> Watch {
        var watch = Watch(patience, end: end)
        watch.answers = { self.answers.load(ordering: .relaxed) }
        if isLong { watch.inquire = inquire }
        return watch
    }

    private func counted<R>(_ body: () throws(LibvirtError) -> R) throws(LibvirtError) -> R {
        defer { answers.add(1, ordering: .relaxed) }
        return try body()
    }

    /// Asks what every daemon answers at once, out of turn: then it is there, whatever else it is busy with.
    private func inquire() {
        _ = Worker.start {
            var version: UInt = 0
            if virConnectGetLibVersion(self.pointer, &version) == 0 { self.answers.add(1, ordering: .relaxed) }
        }
    }

    private func giveUp() -> LibvirtError {
        cut.store(true, ordering: .relaxed)
        return noAnswer
    }

    private var noAnswer: LibvirtError { .noAnswer(patience) }
}

extension LibvirtError {
    static func noAnswer(_ patience: Patience, connecting: Bool = false) -> LibvirtError {
        let limit = connecting ? patience.connecting ?? patience.seconds : patience.seconds
        let time = patience.whole ?? (patience.isHurried() ? min(Watch.hurry, limit ?? .infinity) : limit ?? 0)
        let number = time == time.rounded() ? "\(Int(time))" : "\(time)"
        return LibvirtError(code: .noAnswer, message: "no answer from libvirt for \(number) s")
    }
}
