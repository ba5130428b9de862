import Model
import SRIOV
import Text

/// What the machine has to have: virtualization and an IOMMU, in its firmware and in the kernel.
enum MachineChecks {
    static func all(_ exam: Examination) -> [Diagnostic] {
        let facts = exam.facts
        return [
            processor(facts), kvm(facts), firmware(facts, exam.state), commandLine(facts, exam.state),
            iommu(exam.state), interruptRemapping(facts), vfio(facts),
        ]
    }

    private static func processor(_ facts: HostFacts) -> Diagnostic {
        switch facts.processorFlags {
        case .unknown(let reason): return .unknown(.cpuVirtualization, reason)
        case .absent: return .unknown(.cpuVirtualization, "the kernel lists no flags of this kind of processor")
        case .known(let flags):
            if flags.contains("vmx" as Name) { return Diagnostic(.cpuVirtualization, .pass, "the processor has VT-x") }
            if flags.contains("svm" as Name) { return Diagnostic(.cpuVirtualization, .pass, "the processor has AMD-V") }
            return Diagnostic(
                .cpuVirtualization, .warn,
                "the processor has no hardware virtualization (vmx, svm): guests can only be emulated",
                hints: ["enable VT-x or AMD-V (SVM) in the firmware's setup"])
        }
    }

    private static func kvm(_ facts: HostFacts) -> Diagnostic {
        switch facts.kvm {
        case .unknown(let reason): .unknown(.kvm, reason)
        case .known(true): Diagnostic(.kvm, .pass, "/dev/kvm is there")
        case .known(false), .absent:
            Diagnostic(
                .kvm, .warn, "there is no /dev/kvm: guests can only be emulated",
                hints: ["load its module: `modprobe kvm-intel` or `modprobe kvm-amd`"])
        }
    }

    /// ACPI tables that describe an IOMMU, and what it is called.
    private static let tables = ["DMAR": "Intel VT-d", "IVRS": "AMD-Vi", "IORT": "an Arm SMMU"]

    private static func firmware(_ facts: HostFacts, _ state: State) -> Diagnostic {
        switch facts.firmwareTables {
        case .unknown(let reason): return .unknown(.iommuFirmware, reason)
        case .absent: return .unknown(.iommuFirmware, "the kernel shows no ACPI tables")
        case .known(let names):
            if let table = tables.keys.sorted().first(where: { names.contains(Name($0)) }), let title = tables[table] {
                return Diagnostic(.iommuFirmware, .pass, "the firmware offers \(title) (table \(table))")
            }
            if state.iommuEnabled == true {
                return Diagnostic(
                    .iommuFirmware, .pass, "the firmware has no table of an IOMMU, and the kernel uses one")
            }
            return Diagnostic(
                .iommuFirmware, .fail, "the firmware offers no IOMMU (no table DMAR, IVRS or IORT)",
                hints: [
                    "enable VT-d (Intel) or IOMMU (AMD) in the firmware's setup, beside SR-IOV where it is asked for"
                ])
        }
    }

    private static func commandLine(_ facts: HostFacts, _ state: State) -> Diagnostic {
        let words: [String]
        switch facts.commandLine {
        case .unknown(let reason): return .unknown(.iommuCommandLine, reason)
        case .absent: return .unknown(.iommuCommandLine, "the kernel shows no command line")
        case .known(let found): words = found
        }
        if let word = turnedOff(words) {
            return Diagnostic(
                .iommuCommandLine, .fail, "the kernel's command line turns the IOMMU off: \(word)",
                hints: ["take it out of GRUB_CMDLINE_LINUX in /etc/default/grub, then `update-grub`, and reboot"])
        }
        if let word = words.last(where: { option("intel_iommu", $0)?.contains(bytes: "on") ?? false }) {
            return Diagnostic(.iommuCommandLine, .pass, "the kernel's command line has \(word)")
        }
        if state.iommuEnabled == true {
            return Diagnostic(.iommuCommandLine, .pass, "the kernel uses the IOMMU without being told to")
        }
        if facts.firmwareTables.value?.contains("DMAR" as Name) ?? false {
            return Diagnostic(
                .iommuCommandLine, .fail, "the kernel's command line does not turn VT-d on",
                hints: [
                    "add `intel_iommu=on` to GRUB_CMDLINE_LINUX in /etc/default/grub, then `update-grub`, and reboot"
                ])
        }
        return Diagnostic(.iommuCommandLine, .pass, "nothing on the kernel's command line turns an IOMMU off")
    }

    /// The last word counts, as with the kernel.
    private static func turnedOff(_ words: [String]) -> String? {
        for name in ["iommu", "intel_iommu", "amd_iommu"] {
            guard let word = words.last(where: { option(name, $0) != nil }) else { continue }
            if option(name, word)?.contains(bytes: "off") ?? false { return word }
        }
        return nil
    }

    private static func option(_ name: String, _ word: String) -> [Substring]? {
        word.without(prefix: name + "=")?.split(byte: ",")
    }

    private static func iommu(_ state: State) -> Diagnostic {
        let hasGroups = state.pfs.contains { pf in
            pf.iommuGroup != nil || pf.functions.contains { $0.iommuGroup != nil }
        }
        // Another host's kernel can't be asked, but its devices' groups are known by libvirt.
        switch state.iommuEnabled ?? (hasGroups ? true : nil) {
        case true: return Diagnostic(.iommu, .pass, "the IOMMU is on")
        case false:
            return Diagnostic(
                .iommu, .fail, "the IOMMU is off: no guest can be given a VF",
                hints: ["see the checks iommu-firmware and iommu-command-line"])
        case nil:
            return .unknown(.iommu, state.isLocal ? "the kernel does not say" : HostFacts.elsewhere)
        }
    }

    private static func interruptRemapping(_ facts: HostFacts) -> Diagnostic {
        switch (facts.remapsInterrupts, facts.allowsUnsafeInterrupts) {
        case (.known(true), _): Diagnostic(.interruptRemapping, .pass, "interrupts go through the IOMMU")
        case (.unknown(let reason), _): .unknown(.interruptRemapping, reason)
        case (.absent, _): .unknown(.interruptRemapping, "the kernel's list of interrupts does not say")
        case (.known(false), .known(true)):
            Diagnostic(
                .interruptRemapping, .warn,
                "interrupts do not go through the IOMMU, and VFIO is set to allow that: a guest can disturb the host",
                hints: ["enable interrupt remapping (x2APIC, VT-d) in the firmware's setup"])
        case (.known(false), _):
            Diagnostic(
                .interruptRemapping, .fail,
                "interrupts do not go through the IOMMU: VFIO refuses to give a guest a VF",
                hints: [
                    "enable interrupt remapping (x2APIC, VT-d) in the firmware's setup, and take `nointremap` off the kernel's command line",
                    "or do without, at the risk of guests that disturb the host: `echo options vfio_iommu_type1 allow_unsafe_interrupts=1 > /etc/modprobe.d/vfio.conf`",
                ])
        }
    }

    private static func vfio(_ facts: HostFacts) -> Diagnostic {
        switch facts.vfio {
        case .known(true): Diagnostic(.vfio, .pass, "vfio-pci is loaded, or can be")
        case .known(false):
            Diagnostic(
                .vfio, .fail, "the kernel has no vfio-pci: no guest can be given a VF",
                hints: ["install the kernel's package with all modules, and look: `modprobe vfio-pci`"])
        case .absent: .unknown(.vfio, "the kernel's modules are not to be found")
        case .unknown(let reason): .unknown(.vfio, reason)
        }
    }
}
