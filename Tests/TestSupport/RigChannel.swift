import FoundationEssentials
import Glibc

/// The line to a rig's machine: requests and answers, one JSON object each. The machine lives as long as its other end is open.
final class RigChannel: @unchecked Sendable {
    private let socket: Int32
    private let errors: Scratch
    private let process: ChildProcess
    /// What was read beyond the last line. Only touched by the one request at a time that `Rig` lets through.
    private var buffer: [UInt8] = []

    /// Starts `Tests/Rig/rig --serve`.
    init(_ rig: String, description: String, environment: [String: String]) throws(RigError) {
        var ends: [Int32] = [0, 0]
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw RigError("socketpair") }
        socket = ends[0]
        errors = try Scratch()
        defer { close(ends[1]) }
        process = try ChildProcess(
            [rig, "--serve", description], environment: environment, streams: (ends[1], ends[1], errors.file))
    }

    deinit { close(socket) }

    /// Sends a request and decodes its answer.
    func ask<Answer: Decodable>(_ request: some Encodable, for answer: Answer.Type) throws(RigError) -> Answer {
        do {
            var line = try JSONEncoder().encode(request)
            line.append(UInt8(ascii: "\n"))
            let text = Array(line)
            var sent = 0
            while sent < text.count {
                let count = text[sent...].withUnsafeBytes {
                    send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                guard count > 0 else { throw RigError("the rig is gone: \(errors.text)") }
                sent += count
            }
            return try decode(answer)
        } catch let error as RigError {
            throw error
        } catch {
            throw RigError("\(error)")
        }
    }

    /// The next answer.
    func decode<Answer: Decodable>(_ type: Answer.Type) throws(RigError) -> Answer {
        let line = try readLine()
        do {
            if let failure = try? JSONDecoder().decode(Failure.self, from: Data(line)) {
                throw RigError(failure.error, code: failure.code, domain: failure.domain)
            }
            return try JSONDecoder().decode(type, from: Data(line))
        } catch let error as RigError {
            throw error
        } catch {
            throw RigError("\(error) in \(String(decoding: line, as: UTF8.self))")
        }
    }

    private func readLine() throws(RigError) -> [UInt8] {
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            if let end = buffer.firstIndex(of: UInt8(ascii: "\n")) {
                let line = Array(buffer[..<end])
                buffer.removeSubrange(...end)
                return line
            }
            var waiting = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
            guard poll(&waiting, 1, 600_000) > 0 else { throw RigError("the rig does not answer: \(errors.text)") }
            let count = recv(socket, &chunk, chunk.count, 0)
            guard count > 0 else { throw RigError("the rig is gone: \(errors.text)") }
            buffer += chunk[..<count]
        }
    }

    /// Ends the machine, and waits until nothing of it is left.
    func end() {
        shutdown(socket, Int32(SHUT_RDWR))
        _ = try? process.wait(seconds: 300) { "" }
    }

    private struct Failure: Decodable {
        var error: String
        var code: Int?
        var domain: Int?
    }
}
