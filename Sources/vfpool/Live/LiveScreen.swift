import Glibc

/// A terminal that is drawn on: another screen than the one that commands are typed on, without a cursor, keys as they are pressed.
///
/// No curses: a frame is lines from the top, each cleared to its end, in one write. That needs five sequences which every terminal since the
/// VT100 or xterm knows, and no library, no terminfo and no state of what is where.
final class LiveScreen {
    private var former = termios()
    private var isOn = false

    struct Size: Equatable {
        var columns: Int
        var rows: Int
    }

    /// Nil where data goes to no terminal, or keys come from none.
    init?() {
        guard isatty(STDOUT_FILENO) == 1, isatty(STDIN_FILENO) == 1, tcgetattr(STDIN_FILENO, &former) == 0 else {
            return nil
        }
    }

    deinit { leave() }

    var size: Size {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
            return Size(columns: 80, rows: 24)
        }
        return Size(columns: Int(size.ws_col), rows: Int(size.ws_row))
    }

    func enter() {
        guard !isOn else { return }
        isOn = true
        var raw = former
        raw.c_lflag &= ~tcflag_t(ICANON | ECHO)
        // Signals of keys stay: ^C, ^Z.
        tcsetattr(STDIN_FILENO, TCSADRAIN, &raw)
        put("\u{1B}[?1049h\u{1B}[?25l\u{1B}[2J")
    }

    func leave() {
        guard isOn else { return }
        isOn = false
        put("\u{1B}[?25h\u{1B}[?1049l")
        tcsetattr(STDIN_FILENO, TCSADRAIN, &former)
    }

    /// - Returns: whether the terminal is still there.
    @discardableResult
    func draw(_ lines: [String]) -> Bool {
        var frame = "\u{1B}[H"
        for (index, line) in lines.enumerated() {
            frame += line + "\u{1B}[K"
            if index < lines.count - 1 { frame += "\r\n" }
        }
        // What an earlier, longer frame left below.
        return put(frame + "\u{1B}[J")
    }

    @discardableResult
    private func put(_ text: String) -> Bool {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                guard errno == EAGAIN else { return false }
                var question = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
                poll(&question, 1, 1000)
                continue
            }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// Keys that were pressed.
    static func keys() -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = read(STDIN_FILENO, &bytes, bytes.count)
        return Array(bytes.prefix(max(0, count)))
    }
}
