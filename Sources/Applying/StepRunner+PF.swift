import Glibc
import Model
import SRIOV

/// Steps on what the kernel keeps of a port.
extension StepRunner {
    /// How long the kernel may take, in hundredths of a second: it probes a driver for each new VF.
    private static let patience = 3000

    func checkPF(_ change: PFChange) throws(Failure) {
        let current = try value(change)
        guard current == change.before else {
            throw Failure(
                .changedMeanwhile,
                current == nil
                    ? "PF \(change.title) is gone since the plan was made"
                    : "\(change.attribute.rawValue) of \(change.title) is \(current ?? 0) since the plan was made, not \(change.before)",
                hints: ["nothing was overwritten; run the command again to plan from what is there now"])
        }
        try checkUnused(change)
    }

    /// A count is changed through 0: all VFs vanish, whoever has one.
    private func checkUnused(_ change: PFChange) throws(Failure) {
        guard change.attribute == .count, try value(change) ?? 0 > 0 else { return }
        let users = try host(change, "look who uses VFs of") { address throws(HostError) in
            try self.hypervisor.users(of: address)
        }
        guard users.isEmpty else {
            throw Failure(
                .vfInUse, "\(change.title) has VFs in use since the plan was made: \(Words.list(users))",
                hints: ["nothing was changed; the kernel would have taken them away"])
        }
    }

    /// From one count to another the kernel goes through 0 alone; it answers EBUSY otherwise.
    func setPF(_ change: PFChange) throws(Failure) {
        if change.attribute == .count, change.after > 0, try value(change) ?? 0 > 0 {
            try set(change, to: 0)
            try wait(change, for: 0)
        }
        try set(change, to: change.after)
    }

    func verifyPF(_ change: PFChange) throws(Failure) {
        guard change.attribute == .count else {
            guard try isSet(change) else { throw noEffect(change, try value(change)) }
            return
        }
        let functions = try wait(change, for: change.after)
        try settle(change)
        if let planned = change.functionsAfter, planned != functions {
            throw Failure(
                .verifyFailed, "the VFs of \(change.title) are at other addresses than planned",
                cause: "\(Words.list(functions)), not \(Words.list(planned))")
        }
    }

    func isSet(_ change: PFChange) throws(Failure) -> Bool { try value(change) == change.after }

    /// Whether what is there now is what this change left, or was on the way to.
    func checkOurs(_ change: PFChange) throws(Failure) {
        let current = try value(change)
        guard current == change.after || current == 0 else {
            throw Failure(
                .changedMeanwhile, "\(change.attribute.rawValue) of \(change.title) was changed by someone else")
        }
        try checkUnused(change)
    }

    // MARK: Details

    /// Waits until all VFs are there, or gone.
    @discardableResult
    private func wait(_ change: PFChange, for count: Int) throws(Failure) -> [String] {
        var functions: [String] = []
        for _ in 0..<Self.patience {
            functions = try host(change, "look at") { address throws(HostError) in
                try self.hypervisor.functions(of: address)
            }.map(\.description)
            if functions.count == count, try value(change) == count { return functions }
            Pause.milliseconds(10)
        }
        throw noEffect(change, functions.count)
    }

    /// libvirt can't list a port's VFs while the netdev of one is being made or renamed.
    private func settle(_ change: PFChange) throws(Failure) {
        for _ in 0..<(Self.patience / 3) {
            let isSettled = try host(change, "look at") { address throws(HostError) in
                try self.hypervisor.isSettled(address)
            }
            if isSettled { return }
            Pause.milliseconds(10)
        }
    }

    private func noEffect(_ change: PFChange, _ found: Int?) -> Failure {
        Failure(
            .verifyFailed, "PF \(change.title): \(change.action) had no effect",
            cause: found.map { "\(change.attribute.rawValue) is \($0)" })
    }

    private func value(_ change: PFChange) throws(Failure) -> Int? {
        try host(change, "read \(change.attribute.rawValue) of") { address throws(HostError) in
            try self.hypervisor.value(change.attribute, of: address)
        }
    }

    private func set(_ change: PFChange, to value: Int) throws(Failure) {
        try host(change, "write \(value) to \(change.attribute.rawValue) of") { address throws(HostError) in
            try self.hypervisor.set(change.attribute, of: address, to: value)
        }
    }

    private func host<T>(
        _ change: PFChange, _ what: String, _ body: (PCIAddress) throws(HostError) -> T
    ) throws(Failure) -> T {
        guard let address = PCIAddress(change.address) else {
            throw Failure(.journal, "\(change.address) is no PCI address")
        }
        do throws(HostError) {
            return try body(address)
        } catch {
            throw Failure("could not \(what) \(change.title)", error)
        }
    }
}

extension Failure {
    /// The host's kernel refused what `message` says.
    init(_ message: String, _ error: HostError) {
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
