import Fleet
import Model
import Text

/// Why a host gave no answer, or none that can be used.
struct HostProblem: Error {
    enum Result: String { case failed, unreachable, timeout }

    let result: Result
    let code: Name
    let message: String
    let cause: String?
    private(set) var hints: [String]

    init(_ failure: Failure, _ result: Result = .failed) {
        self.result = result
        code = Name(failure.code.rawValue)
        message = failure.message
        cause = failure.cause
        hints = failure.hints.map(\.text)
    }

    /// What a child said of its failure: an object of its JSON.
    init?(_ error: JSONValue) {
        guard let code = error["code"].text, let message = error["message"].text else { return nil }
        self.code = code
        self.message = message.string
        cause = error["cause"].text?.string
        hints = error["hints"].texts.map(\.string)
        result =
            switch Failure.Code(rawValue: code.string) {
            case .timeout: .timeout
            case .noConnection, .connectionLost: .unreachable
            default: .failed
            }
    }

    /// The same with what to do where the host is one of many, and ssh may ask for nothing.
    func of(_ host: FleetHost) -> HostProblem {
        guard result == .unreachable, !host.uri.hasPrefix(bytes: "test:") else { return self }
        let hint: Hint =
            host.uri.contains(bytes: "+ssh://")
            ? "ssh may ask for nothing here: it has to work without a password, as `ssh -o BatchMode=yes HOST virsh list`"
            : "is libvirt's daemon running there? ask that host alone: `vfpool -c URI list`"
        var problem = self
        problem.hints = [hint.text]
        return problem
    }

    /// Whether the host did answer: that it has nothing of the name that was asked for, or is not the one that a spec is for.
    var isOfName: Bool {
        let codes: Set<Failure.Code> = [
            .noSuchPool, .noSuchGuest, .noSuchDevice, .noSuchVF, .noSuchNetwork, .otherHost,
        ]
        return Failure.Code(rawValue: code.string).map(codes.contains) ?? false
    }
}

extension HostProblem: JSONReport {
    var json: JSONObject { ["code": code, "message": message, "cause": cause, "hints": hints] }
}
