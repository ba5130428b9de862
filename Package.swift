// swift-tools-version: 6.2
// The layers, lowest first: C modules and Text; Libvirt, XML, YAML and SRIOV, none importing another; Model; Journal and Spec;
// Reading, Planning, Applying, Reporting and Hook, none importing another; vfpool.
import PackageDescription

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("ExistentialAny"),
    .treatAllWarnings(as: .error),
]

let package = Package(
    name: "vfpool",
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2")
    ],
    targets: [
        // C. libvirt is loaded on first use, so `vfpool --version` does not pay for it.
        .target(name: "CLibvirt", cSettings: [.treatAllWarnings(as: .error)]),
        .systemLibrary(name: "CLinux"),
        .systemLibrary(name: "CLibXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
        .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .systemLibrary(name: "CNetlink", pkgConfig: "libnl-route-3.0", providers: [.apt(["libnl-route-3-dev"])]),

        // Text from outside, as bytes.
        .target(name: "Text", swiftSettings: strict),

        // Threads.
        .target(name: "Parallel", swiftSettings: strict),

        // The hosts of a fleet, and a child process for each. Knows nothing of libvirt.
        .target(name: "Fleet", dependencies: ["CLinux", "Text"], swiftSettings: strict),

        // The world, made safe.
        .target(name: "Libvirt", dependencies: ["CLibvirt", "Parallel", "Text"], swiftSettings: strict),
        .target(name: "XML", dependencies: ["CLibXML2", "Text"], swiftSettings: strict),
        .target(name: "SRIOV", dependencies: ["CNetlink", "Text"], swiftSettings: strict),

        // YAML, and JSON as a part of it, with the place of each word.
        .target(name: "YAML", dependencies: ["CYAML", "Text"], swiftSettings: strict),

        // What everything speaks of: a host's state, its documents, a change and its steps. Values, no input or output.
        .target(
            name: "Model", dependencies: ["CLinux", "Libvirt", "XML", "SRIOV", "Text"],
            resources: [
                .embedInCode("../../templates/network.xml"),
                .embedInCode("../../templates/interface.xml"),
                .embedInCode("../../templates/networkport.xml"),
                .embedInCode("../../templates/settings.xml"),
                .embedInCode("../../templates/hook.sh"),
                .embedInCode("../../templates/interface.rng"),
                .embedInCode("../../templates/vfpool-vfs@.service"),
                .embedInCode("../../templates/vfpool-reconcile.service"),
                .embedInCode("../../templates/vfpool-reconcile.timer"),
                .embedInCode("../../templates/vfpool-reconcile.path"),
                .embedInCode("../../templates/vfpool-guests.service"),
                .embedInCode("../../templates/vfpool-reload.service"),
            ],
            swiftSettings: strict
        ),
        // What should be, in a file: values, read and written.
        .target(
            name: "Spec", dependencies: ["Model", "SRIOV", "Text", "YAML"],
            resources: [.embedInCode("../../templates/spec.schema.json")], swiftSettings: strict),
        // vfpool's own files: the journal, the lock.
        .target(name: "Journal", dependencies: ["CLinux", "Model", "XML", "SRIOV", "Text"], swiftSettings: strict),

        // Reads libvirt and the kernel into a state, and never writes.
        .target(
            name: "Reading", dependencies: ["CLinux", "Journal", "Model", "Libvirt", "XML", "SRIOV", "Text"],
            swiftSettings: strict),
        // From a state and a request to a plan. It asks nobody.
        .target(
            name: "Planning", dependencies: ["Model", "Spec", "XML", "SRIOV", "Text"],
            swiftSettings: strict),
        // Does what a plan says, looks whether it is so, and writes it down.
        .target(
            name: "Applying", dependencies: ["Journal", "Model", "Libvirt", "Parallel", "XML", "SRIOV", "Text"],
            swiftSettings: strict),
        // From a state to what people and scripts are shown of it.
        .target(
            name: "Reporting", dependencies: ["Fleet", "Model", "Parallel", "XML", "SRIOV", "Text"],
            swiftSettings: strict),
        // What libvirt's daemon runs when a guest starts.
        .target(
            name: "Hook", dependencies: ["CLinux", "Journal", "Model", "XML", "SRIOV", "Text"], swiftSettings: strict),

        // The words.
        .executableTarget(
            name: "vfpool",
            dependencies: [
                "Applying", "Fleet", "Hook", "Journal", "Model", "Parallel", "Planning", "Reading", "Reporting", "Spec",
                "Libvirt", "SRIOV", "Text", "XML", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            resources: [
                .embedInCode("../../templates/picture.svg"),
                .embedInCode("../../templates/picture.html"),
                .embedInCode("../../templates/codes.txt"),
                .embedInCode("../../templates/vfpool.bash"),
                .embedInCode("../../templates/vfpool.zsh"),
                .embedInCode("../../templates/vfpool.fish"),
            ],
            swiftSettings: strict
        ),

        .target(
            name: "TestSupport",
            dependencies: [
                "Applying", "Hook", "Journal", "Model", "Planning", "Reading", "Reporting", "Libvirt", "XML", "SRIOV",
                "Text",
            ],
            path: "Tests/TestSupport",
            swiftSettings: strict),
        .testTarget(name: "TextTests", dependencies: ["Text"], swiftSettings: strict),
        .testTarget(name: "FleetTests", dependencies: ["Fleet", "Text", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "LibvirtTests", dependencies: ["CLibvirt", "Libvirt", "Parallel", "Text", "TestSupport"],
            swiftSettings: strict),
        .testTarget(name: "YAMLTests", dependencies: ["Text", "YAML"], swiftSettings: strict),
        .testTarget(name: "XMLTests", dependencies: ["XML", "TestSupport"], swiftSettings: strict),
        .testTarget(name: "SRIOVTests", dependencies: ["SRIOV", "Text", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "CoreTests",
            dependencies: [
                "Applying", "Fleet", "Hook", "Journal", "Model", "Planning", "Reading", "Reporting", "Libvirt", "XML",
                "SRIOV", "Spec", "Text", "TestSupport",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "VFPoolTests",
            dependencies: [
                "Applying", "Fleet", "Hook", "Journal", "Model", "Planning", "Reading", "Reporting", "SRIOV", "Spec",
                "Text",
                "TestSupport", "vfpool", "XML",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ], swiftSettings: strict),
        // Readers and editors of text from outside, the properties that hold of each, and grammars that make more such text.
        .target(
            name: "FuzzTargets",
            dependencies: [
                "Applying", "Fleet", "Hook", "Journal", "Model", "Planning", "Reading", "Reporting", "Spec",
                "SRIOV", "Text", "TestSupport", "vfpool", "XML", "YAML",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Tests/Fuzz/Targets", swiftSettings: strict),
        .testTarget(
            name: "FuzzTests", dependencies: ["FuzzTargets", "TestSupport", "vfpool"], swiftSettings: strict),
        .testTarget(
            name: "RigTests", dependencies: ["TestSupport", "Text", "XML", "vfpool"], swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)

// The fuzzer, for which all is built with a sanitizer that has its own `main` (Tests/Fuzz/run): vfpool is a library beside it then, and
// its own `main` another function. gold ends before it has told what is wrong with so large a program.
if Context.environment["VFPOOL_FUZZ"] != nil, let index = package.targets.firstIndex(where: { $0.name == "vfpool" }) {
    let program = package.targets[index]
    let main: SwiftSetting = .unsafeFlags(["-Xfrontend", "-entry-point-function-name", "-Xfrontend", "vfpool_main"])
    package.targets[index] = .target(
        name: program.name, dependencies: program.dependencies, resources: program.resources,
        swiftSettings: strict + [main])
    package.targets += [
        .systemLibrary(name: "CFuzzer", path: "Tests/Fuzz/CFuzzer"),
        .executableTarget(
            name: "Fuzz", dependencies: ["CFuzzer", "FuzzTargets", "TestSupport", "vfpool"], path: "Tests/Fuzz/Driver",
            swiftSettings: strict, linkerSettings: [.unsafeFlags(["-use-ld=lld"])]),
    ]
}
