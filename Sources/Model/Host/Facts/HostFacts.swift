package import SRIOV
package import Text

/// What the host itself says of what `doctor` asks, besides libvirt and the PFs: read once, then looked at by pure
/// functions.
package struct HostFacts: Sendable, Equatable {
    /// The processor's flags; absent where the kernel lists none (not x86).
    package var processorFlags: Fact<Set<Name>>
    /// Whether /dev/kvm is there.
    package var kvm: Fact<Bool>
    /// Names of the firmware's ACPI tables.
    package var firmwareTables: Fact<Set<Name>>
    /// The kernel's command line, word by word.
    package var commandLine: Fact<[String]>
    /// Whether interrupts go through the IOMMU; absent where the kernel's list of interrupts does not tell (not x86).
    package var remapsInterrupts: Fact<Bool>
    /// Whether VFIO was told to do without (`allow_unsafe_interrupts`).
    package var allowsUnsafeInterrupts: Fact<Bool>
    /// Whether vfio-pci is loaded, or can be.
    package var vfio: Fact<Bool>
    /// NUMA nodes by processor number.
    package var nodes: Fact<[Int: Int]>
    /// All memory, in KiB.
    package var memory: Fact<Int>
    /// How much this user may lock, in KiB; absent: as much as there is.
    package var lockLimit: Fact<Int>
    /// What sets VF counts at boot.
    package var boot: Fact<BootSetup>
    /// Who on the host manages which VF's netdev: `NetworkManager` by netdev.
    package var managers: Fact<[Name: String]>
    /// libvirt's hooks by path, and whether they can be run.
    package var hooks: Fact<[Name: Bool]>
    /// What a vfpool that was killed left where it writes, by path, and whether libvirt runs it; absent where nothing is left.
    package var leftovers: Fact<[Name: Bool]>
    /// What others than root can change of what runs as root; absent where they can't.
    package var weaknesses: Fact<[Weakness]>
    /// vfpool's units in /etc that are not as this vfpool has them, or go before a package's; absent where there are none.
    package var unitCopies: Fact<[UnitCopy]>
    /// Whether this is root.
    package var isRoot: Fact<Bool>
    /// Why the journal's folder can't be used; absent where it can.
    package var journalProblem: Fact<String>
    /// How many changes the journal has.
    package var journalChanges: Fact<Int>
    /// What libvirt-guests does with running guests when the host shuts down (`ON_SHUTDOWN`); absent where nothing is said.
    package var onShutdown: Fact<String>
    /// What is known of whether what is inside VFs can be handed over, by their addresses.
    package var migration: Fact<[PCIAddress: VFMigration]>
    /// Whether libvirt's grammar files are there.
    package var hasGrammars: Bool

    /// Why libvirt's daemon may not run vfpool's hook, where that is there; nil also where that can't be told.
    package var hookConfinement: Confinement.Problem?

    package init(
        processorFlags: Fact<Set<Name>>, kvm: Fact<Bool>, firmwareTables: Fact<Set<Name>>, commandLine: Fact<[String]>,
        remapsInterrupts: Fact<Bool>, allowsUnsafeInterrupts: Fact<Bool>, vfio: Fact<Bool>, nodes: Fact<[Int: Int]>,
        memory: Fact<Int>, lockLimit: Fact<Int>, boot: Fact<BootSetup>, managers: Fact<[Name: String]>,
        hooks: Fact<[Name: Bool]>, leftovers: Fact<[Name: Bool]>, weaknesses: Fact<[Weakness]>,
        unitCopies: Fact<[UnitCopy]>, isRoot: Fact<Bool>, journalProblem: Fact<String>, journalChanges: Fact<Int>,
        onShutdown: Fact<String>, migration: Fact<[PCIAddress: VFMigration]>, hasGrammars: Bool,
        hookConfinement: Confinement.Problem? = nil
    ) {
        self.processorFlags = processorFlags
        self.kvm = kvm
        self.firmwareTables = firmwareTables
        self.commandLine = commandLine
        self.remapsInterrupts = remapsInterrupts
        self.allowsUnsafeInterrupts = allowsUnsafeInterrupts
        self.vfio = vfio
        self.nodes = nodes
        self.memory = memory
        self.lockLimit = lockLimit
        self.boot = boot
        self.managers = managers
        self.hooks = hooks
        self.leftovers = leftovers
        self.weaknesses = weaknesses
        self.unitCopies = unitCopies
        self.isRoot = isRoot
        self.journalProblem = journalProblem
        self.journalChanges = journalChanges
        self.onShutdown = onShutdown
        self.migration = migration
        self.hasGrammars = hasGrammars
        self.hookConfinement = hookConfinement
    }

    package static let elsewhere = "the host is another machine"

    /// Nothing, for the same reason.
    package static func unknown(_ reason: String, hasGrammars: Bool) -> HostFacts {
        HostFacts(
            processorFlags: .unknown(reason), kvm: .unknown(reason), firmwareTables: .unknown(reason),
            commandLine: .unknown(reason), remapsInterrupts: .unknown(reason),
            allowsUnsafeInterrupts: .unknown(reason), vfio: .unknown(reason), nodes: .unknown(reason),
            memory: .unknown(reason), lockLimit: .unknown(reason), boot: .unknown(reason), managers: .unknown(reason),
            hooks: .unknown(reason), leftovers: .unknown(reason), weaknesses: .unknown(reason),
            unitCopies: .unknown(reason), isRoot: .unknown(reason), journalProblem: .unknown(reason),
            journalChanges: .unknown(reason),
            onShutdown: .unknown(reason), migration: .unknown(reason), hasGrammars: hasGrammars)
    }
}
