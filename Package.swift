// swift-tools-version: 6.2
// The layers, lowest first: C modules and Text; Libvirt, XML and SRIOV, none importing another; VFPoolCore; vfpool.
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
        .systemLibrary(name: "CNetlink", pkgConfig: "libnl-route-3.0", providers: [.apt(["libnl-route-3-dev"])]),

        // Text from outside, as bytes.
        .target(name: "Text", swiftSettings: strict),

        // The world, made safe.
        .target(name: "Libvirt", dependencies: ["CLibvirt", "Text"], swiftSettings: strict),
        .target(name: "XML", dependencies: ["CLibXML2", "Text"], swiftSettings: strict),
        .target(name: "SRIOV", dependencies: ["CNetlink", "Text"], swiftSettings: strict),

        // The decisions.
        .target(
            name: "VFPoolCore",
            dependencies: ["CLinux", "Libvirt", "XML", "SRIOV", "Text"],
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

        // The words.
        .executableTarget(
            name: "vfpool",
            dependencies: [
                "VFPoolCore", "Text", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            resources: [
                .embedInCode("../../templates/vfpool.bash"),
                .embedInCode("../../templates/vfpool.zsh"),
                .embedInCode("../../templates/vfpool.fish"),
            ],
            swiftSettings: strict
        ),

        .target(
            name: "TestSupport", dependencies: ["VFPoolCore", "Libvirt", "XML", "SRIOV", "Text"],
            path: "Tests/TestSupport",
            swiftSettings: strict),
        .testTarget(name: "TextTests", dependencies: ["Text"], swiftSettings: strict),
        .testTarget(
            name: "LibvirtTests", dependencies: ["CLibvirt", "Libvirt", "Text", "TestSupport"], swiftSettings: strict),
        .testTarget(name: "XMLTests", dependencies: ["XML", "TestSupport"], swiftSettings: strict),
        .testTarget(name: "SRIOVTests", dependencies: ["SRIOV", "Text", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "VFPoolCoreTests", dependencies: ["VFPoolCore", "Libvirt", "XML", "SRIOV", "Text", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "VFPoolTests",
            dependencies: [
                "VFPoolCore", "SRIOV", "Text", "TestSupport", "vfpool",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ], swiftSettings: strict),
        .testTarget(
            name: "RigTests", dependencies: ["TestSupport", "Text", "XML", "vfpool"], swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)
