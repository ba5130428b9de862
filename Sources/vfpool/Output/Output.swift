import FoundationEssentials
import Glibc
import Model
import Synchronization

/// Where everything printed goes: data to stdout, talk to stderr, in the order it was said.
final class Output {
    let format: OutputFormat
    let isQuiet: Bool
    let isVerbose: Bool
    /// For data and for talk: either may be a terminal without the other.
    let dataStyle: Style
    let talkStyle: Style
    private var buffer: [UInt8] = []
    /// Nobody reads any more, which is no failure.
    private(set) var isClosed = false
    private var problem: Failure?
    /// Whether another vfpool reads what goes wrong, whatever the form of the data.
    private static let answersVFPool = Atomic<Bool>(false)

    init(_ format: OutputFormat, quiet: Bool, verbose: Bool, color: Style.Choice) {
        self.format = format
        isQuiet = quiet
        isVerbose = verbose
        dataStyle = Style(color, descriptor: STDOUT_FILENO)
        talkStyle = Style(color, descriptor: STDERR_FILENO)
    }

    // MARK: Data

    func data(_ text: String) {
        buffer += text.utf8
        if buffer.count > 65_536 { write() }
    }

    func line(_ text: String) { data(text + "\n") }

    func json(_ value: JSONObject) throws(Failure) {
        data(try JSONText.of(value, pretty: true) + "\n")
    }

    /// - Throws: `output` when what was printed did not arrive, as on a full disk.
    func flush() throws(Failure) {
        write()
        if let problem { throw problem }
    }

    // MARK: Talk

    func warning(_ text: String, hints: [Hint] = []) { say("warning", .yellow, text, hints) }

    func note(_ text: String, hints: [Hint] = []) { say("note", .cyan, text, hints) }

    func hint(_ hint: Hint) {
        guard format == .table, !isQuiet else { return }
        talk(talkStyle(.cyan, "hint:") + " " + hint.text.printable)
    }

    /// What happens behind the scenes, when asked for.
    func verbose(_ text: String) {
        if isVerbose { talk(talkStyle(.faint, text.printable)) }
    }

    private func say(_ word: String, _ colour: Style.Colour, _ text: String, _ hints: [Hint]) {
        // Scripts that take names alone have most need of warnings.
        guard format == .table, !isQuiet || word == "warning" else { return }
        talk(talkStyle(colour, word + ":") + " " + text.printable)
        for hint in hints { self.hint(hint) }
    }

    /// A line on stderr, after all data so far.
    func talk(_ text: String, terminator: String = "\n") {
        write()
        Self.put(Array((text + terminator).utf8), STDERR_FILENO)
    }

    /// From here on this process's failures are JSON: it answers another vfpool.
    static func answerVFPool() { answersVFPool.store(true, ordering: .relaxed) }

    func show(_ failure: Failure) {
        write()
        let form = Self.answersVFPool.load(ordering: .relaxed) ? .json : format
        Self.put(Array(FailureView.text(failure, form, talkStyle).utf8), STDERR_FILENO)
    }

    // MARK: Bytes

    private func write() {
        defer { buffer.removeAll(keepingCapacity: true) }
        guard !isClosed, problem == nil, !buffer.isEmpty else { return }
        let error = Self.put(buffer, STDOUT_FILENO)
        if error == EPIPE {
            isClosed = true
        } else if error != 0 {
            problem = Failure(.output, "could not write the output", cause: String(cString: strerror(error)))
        }
    }

    /// Waits until a stream that does not wait by itself takes more: whoever shares a pipe or terminal with this process
    /// may have made it so.
    private static func canWait(for descriptor: Int32) -> Bool {
        var question = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        while poll(&question, 1, -1) < 0 {
            guard errno == EINTR else { return false }
        }
        return true
    }

    /// - Returns: 0, or the error's number.
    @discardableResult
    private static func put(_ bytes: [UInt8], _ descriptor: Int32) -> Int32 {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR || (errno == EAGAIN && canWait(for: descriptor)) { continue }
                return errno
            }
            rest = rest.dropFirst(count)
        }
        return 0
    }
}
