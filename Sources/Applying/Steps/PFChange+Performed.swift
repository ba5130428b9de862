import Glibc
import Model
import SRIOV

extension PFChange: PerformedStep {
    /// How long the kernel may take, in hundredths of a second: it probes a driver for each new VF.
    private static let patience = 3000

    func check(_ runner: StepRunner) throws(Failure) {
        let current = try value(runner)
        guard current == before else {
            throw Failure(
                .changedMeanwhile,
                current == nil
                    ? "PF \(title) is gone since the plan was made"
                    : "\(attribute.rawValue) of \(title) is \(current ?? 0) since the plan was made, not \(before)",
                hints: ["nothing was overwritten; run the command again to plan from what is there now"])
        }
        try checkUnused(runner)
    }

    /// From one count to another the kernel goes through 0 alone; it answers EBUSY otherwise.
    func perform(_ runner: StepRunner) throws(Failure) {
        if attribute == .count, after > 0, try value(runner) ?? 0 > 0 {
            try set(0, runner)
            try wait(for: 0, runner)
        }
        try set(after, runner)
    }

    func verify(_ runner: StepRunner) throws(Failure) -> String? {
        guard attribute == .count else {
            guard try isInEffect(runner) else { throw noEffect(try value(runner)) }
            return nil
        }
        let functions = try wait(for: after, runner)
        try settle(runner)
        if let planned = functionsAfter, planned != functions {
            throw Failure(
                .verifyFailed, "the VFs of \(title) are at other addresses than planned",
                cause: "\(Words.list(functions)), not \(Words.list(planned))")
        }
        return nil
    }

    func isInEffect(_ runner: StepRunner) throws(Failure) -> Bool { try value(runner) == after }

    /// What is there now is what this change left, or was on the way to.
    func checkOurs(_ runner: StepRunner) throws(Failure) {
        let current = try value(runner)
        guard current == after || current == 0 else {
            throw Failure(.changedMeanwhile, "\(attribute.rawValue) of \(title) was changed by someone else")
        }
        try checkUnused(runner)
    }

    // MARK: Details

    /// A count is changed through 0: all VFs vanish, whoever has one.
    private func checkUnused(_ runner: StepRunner) throws(Failure) {
        guard attribute == .count, try value(runner) ?? 0 > 0 else { return }
        let users = try host(runner, "look who uses VFs of") { (host, address) throws(HostError) in
            try host.users(of: address)
        }
        guard users.isEmpty else {
            throw Failure(
                .vfInUse, "\(title) has VFs in use since the plan was made: \(Words.list(users))",
                hints: ["nothing was changed; the kernel would have taken them away"])
        }
    }

    /// Waits until all VFs are there, or gone.
    @discardableResult
    private func wait(for count: Int, _ runner: StepRunner) throws(Failure) -> [String] {
        var functions: [String] = []
        for _ in 0..<Self.patience {
            functions = try host(runner, "look at") { (host, address) throws(HostError) in
                try host.functions(of: address)
            }.map(\.description)
            if functions.count == count, try value(runner) == count { return functions }
            Pause.milliseconds(10)
        }
        throw noEffect(functions.count)
    }

    /// libvirt can't list a PF's VFs while the netdev of one is being made or renamed.
    private func settle(_ runner: StepRunner) throws(Failure) {
        for _ in 0..<(Self.patience / 3) {
            let isSettled = try host(runner, "look at") { (host, address) throws(HostError) in
                try host.isSettled(address)
            }
            if isSettled { return }
            Pause.milliseconds(10)
        }
    }

    private func noEffect(_ found: Int?) -> Failure {
        Failure(
            .verifyFailed, "\(subject): \(action) had no effect",
            cause: found.map { "\(attribute.rawValue) is \($0)" })
    }

    private func value(_ runner: StepRunner) throws(Failure) -> Int? {
        try host(runner, "read \(attribute.rawValue) of") { (host, address) throws(HostError) in
            try host.value(attribute, of: address)
        }
    }

    private func set(_ value: Int, _ runner: StepRunner) throws(Failure) {
        try host(runner, "write \(value) to \(attribute.rawValue) of") { (host, address) throws(HostError) in
            try host.set(attribute, of: address, to: value)
        }
    }

    private func host<T>(
        _ runner: StepRunner, _ what: String, _ body: (any HostControl, PCIAddress) throws(HostError) -> T
    ) throws(Failure) -> T {
        guard let address = PCIAddress(address) else { throw Failure(.journal, "\(address) is no PCI address") }
        do throws(HostError) {
            return try body(runner.hypervisor, address)
        } catch {
            throw Failure("could not \(what) \(title)", error)
        }
    }
}

extension Failure {
    /// The host's kernel refused what `message` says.
    fileprivate init(_ message: String, _ error: HostError) {
        let isDenied = error.isDenial || error.number == EROFS
        let hints: [Hint] =
            switch error.number {
            case EBUSY: ["someone changed the VF count at the same time"]
            case ENOTSUP: ["run vfpool on that host itself"]
            case EINVAL, ENOSPC, EIO: ["the driver's reason is in the kernel's log: `dmesg | tail`"]
            default: error.hints
            }
        self.init(isDenied ? .accessDenied : .kernel, message, cause: error.words, hints: hints)
    }
}
