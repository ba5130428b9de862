import Model
import Planning
import SRIOV
import TestSupport
import Testing
import Text
import XML

/// Guests that have VFs in other ways than by an interface: QEMU's command line in every spelling, `<qemu:override>`.
@Suite struct HeldDeviceTests {
    private static let namespace = "xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'"

    private static func held(_ beside: String, devices: String = "") throws -> [HeldDevice] {
        let text = "<domain \(namespace)><name>vm</name><devices>\(devices)</devices>\(beside)</domain>"
        return try GuestReader.devices(in: Document(parsing: text), functions: []).held
    }

    private static func line(_ arguments: [String]) -> String {
        let escaped = arguments.map {
            $0.replacing(bytes: "&", with: "&amp;").replacing(bytes: "\"", with: "&quot;").replacing(
                bytes: "<", with: "&lt;")
        }
        return "<qemu:commandline>" + escaped.map { "<qemu:arg value=\"\($0)\"/>" }.joined() + "</qemu:commandline>"
    }

    @Test(arguments: [
        ["-device", "vfio-pci,host=0000:03:10.2"], ["-device", "vfio-pci,host=03:10.2,id=net9,bus=pci.3"],
        ["--device", "vfio-pci,host=3:10.2"], ["-device", "vfio-pci-nohotplug,host=0:3:10.2"],
        ["-device", "driver=vfio-pci,host=0000:03:10.2"], ["-device vfio-pci,host=0000:03:10.2"],
        ["-device=vfio-pci,host=0000:03:10.2"], [" -device ", " vfio-pci,host=03:10.2 "],
        ["-device", "\"vfio-pci,host=03:10.2\""], ["'-device'", "'vfio-pci,host=03:10.2'"],
        ["-device", "vfio-pci, host=03:10.2"], ["-device", "vfio-pci,host=0000:03:10.2,x-vga=off"],
        ["-device", "vfio-pci,id=a,,b,host=0000:03:10.2"], ["-device", "vfio-pci,HOST=1,host=0000:03:10.2"],
        ["-device", "vfio-pci,sysfsdev=/sys/bus/pci/devices/0000:03:10.2"],
        ["-device", "vfio-pci,sysfsdev=/sys/bus/pci/devices/0000:03:10.2/"],
        ["-device", "vfio-pci,sysfsdev=/sys/devices/pci0000:00/0000:00:01.0/0000:03:10.2"],
        ["-device", #"{"driver":"vfio-pci","host":"0000:03:10.2","id":"b"}"#],
        ["-device", #"{ "driver" : "vfio-pci", "host" : "03:10.2" }"#],
        ["-device", "{'driver':'vfio-pci','host':'0000:03:10.2'}"],
        [
            "-device",
            #"{"id":"a\"b{,","bootindex":1,"x":{"host":"no"},"host":"0000:\u00303:10.2","driver":"vfio-pci"}"#,
        ],
        ["-device", #"{"driver":"vfio-pci","sysfsdev":"/sys/bus/pci/devices/0000:03:10.2"}"#],
        ["-set", "device.hostdev0.host=0000:03:10.2"], ["-global", "vfio-pci.host=03:10.2"],
        ["-global", "driver=vfio-pci,property=host,value=03:10.2"],
        ["-cpu", "host", "-device", "e1000e,netdev=n", "-device", "vfio-pci,host=03:10.2", "-no-hpet"],
    ])
    func commandLine(arguments: [String]) throws {
        let address = try #require(PCIAddress("0000:03:10.2"))
        #expect(try Self.held(Self.line(arguments)) == [HeldDevice(.commandLine, .device(address))], "\(arguments)")
    }

    @Test func severalAtOnce() throws {
        let found = try Self.held(
            Self.line(["-device", "vfio-pci,host=03:10.2"]) + Self.line(["-device", "vfio-pci,host=03:10.4"]))
        #expect(
            found.map(\.target) == ["03:10.2", "03:10.4"].compactMap { PCIAddress($0) }.map(HeldDevice.Target.device))
    }

    @Test func byLinksOfSysfs() throws {
        let pf = try #require(PCIAddress("0000:03:00.0"))
        let line = Self.line([
            "-device", "vfio-pci,sysfsdev=/sys/class/net/eth3v2/device",
            "-device", "vfio-pci,sysfsdev=/sys/bus/pci/devices/0000:03:00.0/virtfn3",
            "-netdev", "vhost-vdpa,vhostdev=/dev/vhost-vdpa-1,id=n1",
        ])
        #expect(
            try Self.held(line).map(\.target) == [
                .netdev("eth3v2"), .function(of: pf, index: 3), .vdpa("vhost-vdpa-1"),
            ])
    }

    @Test(arguments: [
        ["-device", "usb-host,hostbus=3,hostaddr=2"], ["-cpu", "host,host-phys-bits=on"], ["-device"],
        ["-drive", "file=/x,host=03:10.2"], ["-device", "vfio-pci,host="], ["-device", "vfio-pci,host=03:10"],
        ["-device", "vfio-pci,host=03:40.0"], ["-device", "vfio-pci,sysfsdev=/sys/bus/mdev/devices/83b8f4f2"],
        ["-device", "{"], ["-device", #"{"host""#], ["-device", #"{"host":"\"#], ["-device", #"{"host":"\u0"#],
        ["-device", "vhost-user-fs-pci,chardev=c,tag=host=x"], ["-set", "device"], ["-netdev", "socket,listen=:1"],
        ["vfio-pci,host=03:10.2"], ["-fw_cfg", "name=opt/x,string=-device vfio-pci,host=03:10.2"], ["-"], [""],
    ])
    func noneOfThese(arguments: [String]) throws {
        #expect(try Self.held(Self.line(arguments)) == [], "\(arguments)")
    }

    /// Neither a VF nor none.
    @Test(arguments: [
        ["-readconfig", "/etc/qemu/v.cfg"], ["-readconfig=/etc/qemu/v.cfg"], ["--readconfig", "x"],
        ["-device", "vfio-pci,fd=21"], ["-device", "driver=vfio-pci,id=a,fd=21"],
        ["-device", "vfio-pci-nohotplug,fd=3"],
        ["-device", #"{"driver":"vfio-pci","fd":"21"}"#], ["-device", "vfio-pci,sysfsdev=/run/link"],
        ["-netdev", "vhost-vdpa,id=n,vhostfd=7"], ["-netdev", "type=vhost-vdpa,vhostfd=7"],
    ])
    func whatCannotBeJudged(arguments: [String]) throws {
        let text = "<domain \(Self.namespace)><name>vm</name><devices/>\(Self.line(arguments))</domain>"
        let devices = try GuestReader.devices(in: Document(parsing: text), functions: [])
        #expect(devices.unjudged.count == 1 && devices.held.isEmpty, "\(arguments): \(devices)")
    }

    @Test(arguments: [
        ["-device", "vfio-pci,host=03:10.2,fd=21"], ["-device", "e1000e,fd=3"], ["-readconfig"],
        ["-netdev", "tap,fd=3"],
        ["-device", "vfio-pci,sysfsdev=/sys/bus/mdev/devices/83b8f4f2"], ["-device", "virtio-net-pci"],
        ["-netdev", "vhost-vdpa,vhostdev=/dev/vhost-vdpa-0"], ["-append", "-readconfig"],
    ])
    func whatCan(arguments: [String]) throws {
        let text = "<domain \(Self.namespace)><name>vm</name><devices/>\(Self.line(arguments))</domain>"
        #expect(try GuestReader.devices(in: Document(parsing: text), functions: []).unjudged == [], "\(arguments)")
    }

    @Test func overrides() throws {
        let text = """
            <qemu:override><qemu:device alias='hostdev0'><qemu:frontend>
            <qemu:property name='x-pci-vendor-id' type='unsigned' value='4098'/>
            <qemu:property name='host' type='string' value='0000:03:10.4'/>
            </qemu:frontend></qemu:device></qemu:override>
            """
        let address = try #require(PCIAddress("0000:03:10.4"))
        #expect(try Self.held(text) == [HeldDevice(.override, .device(address))])
        #expect(try Self.held("<override/><commandline><arg value='-device'/></commandline>") == [])
    }

    @Test func aHostdevOfWhatIsNoFunction() throws {
        let hostdev = """
            <hostdev mode='subsystem' type='pci' managed='yes'>
            <source><address domain='0' bus='7' slot='0x10' function='0'/></source></hostdev>
            """
        let held = try Self.held("", devices: hostdev)
        #expect(held.map(\.target) == [.device(try #require(PCIAddress("0000:07:10.0")))])
    }

    // MARK: What follows

    /// Guests `other` with a bridge, and `byhand` with VF 0 on QEMU's command line.
    private static func host(running: Bool) throws -> PretendHost {
        var host = try PretendHost([PretendPF("eth3", functions: Array(repeating: PretendFunction(), count: 3))])
        let address = try host.address("eth3", 0)
        try host.defineGuest(
            """
            <domain type='qemu' \(namespace)><name>byhand</name><uuid>\(PretendHost.uuid(77))</uuid>
            <memory unit='KiB'>16384</memory><os><type arch='x86_64'>hvm</type></os><devices/>
            \(line(["-device", "vfio-pci,host=\(address)"]))</domain>
            """)
        if running { try host.startGuest("byhand") }
        return host
    }

    @Test(arguments: [true, false]) func aPoolLeavesItOut(running: Bool) throws {
        var host = try Self.host(running: running)
        try host.apply(host.create("eth3"))
        #expect(try host.pool("vfpool-eth3").reservations.map(\.ownerName) == ["byhand"])
        #expect(try host.pool("vfpool-eth3").configuration?.addresses.count == 2)
        #expect(try ReconcilePlanner.plan(host.state()).isEmpty)
        // Without the argument it is free.
        let text = try #require(host.guest("byhand").persistent)
        host.guests[PretendHost.uuid(77)]?.persistent = text.replacing(bytes: "vfio-pci", with: "e1000").replacing(
            bytes: "host=", with: "mac=")
        host.guests[PretendHost.uuid(77)]?.live = nil
        try host.apply(ReconcilePlanner.plan(host.state()))
        #expect(try host.pool("vfpool-eth3").reservations == [])
        #expect(try host.pool("vfpool-eth3").configuration?.pfName == "eth3")
    }

    @Test func anotherCountIsRefusedAndNamesIt() throws {
        let host = try Self.host(running: false)
        let failure = #expect(throws: Failure.self) {
            try ResizePlanner.plan(host.state(), ResizeRequest(pf: host.pf("eth3"), count: 2))
        }
        #expect(
            failure?.code == .vfInUse && failure?.message.contains(bytes: "byhand") ?? false,
            "\(String(describing: failure))")
    }
}
