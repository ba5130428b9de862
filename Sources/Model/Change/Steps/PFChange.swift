package import SRIOV
package import Text

/// One thing that the kernel keeps of a PF, before and after a step.
package struct PFChange: Sendable, Equatable, Codable {
    /// By the file's name in sysfs.
    package enum Attribute: String, Sendable, Codable {
        case count = "sriov_numvfs"
        /// Whether the host's drivers get new VFs: 0 or 1.
        case hostDrivers = "sriov_drivers_autoprobe"
    }

    /// What people call the PF.
    package var title: Name
    /// Its PCI address.
    package var address: String
    package var attribute: Attribute
    package var before: Int
    package var after: Int
    /// The VFs' addresses before and after, where they are known: another place than planned is no success.
    package var functionsBefore: [String]?
    package var functionsAfter: [String]?

    package init(
        _ pf: PhysicalFunction, _ attribute: Attribute, from before: Int, to after: Int,
        functionsAfter: [PCIAddress]? = nil
    ) {
        title = pf.title
        address = pf.address.description
        self.attribute = attribute
        self.before = before
        self.after = after
        if attribute == .count {
            functionsBefore = pf.functions.count == before ? pf.functions.map(\.address.description) : nil
            self.functionsAfter = functionsAfter?.map(\.description)
        }
    }
}

extension PFChange: StepPayload {
    package var subject: Subject { .pf(title) }
    package var kind: StepRecord.Kind { .setPF }
    package var effect: StepEffect { .change }

    package var reversed: Step {
        var back = self
        (back.before, back.after) = (after, before)
        (back.functionsBefore, back.functionsAfter) = (functionsAfter, functionsBefore)
        return .setPF(back)
    }

    package var action: String {
        switch attribute {
        case .count: "set the VF count from \(before) to \(after)"
        case .hostDrivers: after == 1 ? "let the host's drivers have new VFs" : "keep the host's drivers off new VFs"
        }
    }

    package func write(to record: inout StepRecord, _ files: inout StepFiles) { record.pf = self }
}
