import Libvirt
import Model
import SRIOV
import Text
import XML

/// PFs and their functions as libvirt's node devices tell them: the only source on another host.
///
/// They carry names, addresses, drivers, IOMMU groups and NUMA nodes (`virt_functions` since 1.3.0), but not how the
/// host uses a function.
struct NodeDeviceReader {
    private let connection: Connection
    private let width: Int

    /// - Parameter width: how many calls are in flight.
    init(_ connection: Connection, width: Int = 16) {
        self.connection = connection
        self.width = width
    }

    private struct Device: Sendable {
        var name: Name
        var parent: Name?
        var address: PCIAddress?
        var driver: String?
        var netdev: Name?
        var mac: MACAddress?
        var isUp: Bool?
        /// By a netdev's address, which has twenty bytes then; by the class of a PCI device.
        var isInfiniBand = false
        var functions: [PCIAddress]?
        var maximum: Int?
        var iommuGroup: Int?
        var groupMembers: Int?
        var numaNode: Int?
    }

    func physicalFunctions() throws(LibvirtError) -> [PhysicalFunction] { try read().pfs }

    /// The PFs, and every PCI device; nil where libvirt knows none.
    func read() throws(LibvirtError) -> (pfs: [PhysicalFunction], devices: Set<PCIAddress>?) {
        let handles: [NodeDevice]
        do throws(LibvirtError) {
            handles = try connection.nodeDevices([.pciDevice, .network])
        } catch  where error.isUnsupported {
            return ([], nil)
        }
        let devices = try connection.inParallel(handles, width: width) { (handle) throws(LibvirtError) -> Device? in
            do throws(LibvirtError) {
                return Self.device(handle.name, try handle.xml())
            } catch  where error.code == .noNodeDevice {
                return nil
            }
        }.compactMap(\.self)
        let netdevs = Dictionary(grouping: devices.filter { $0.netdev != nil }) { $0.parent ?? "" }
        let byAddress = Dictionary(devices.compactMap { device in device.address.map { ($0, device) } }) { $1 }
        let pfs = devices.compactMap { device -> PhysicalFunction? in
            guard let functions = device.functions, let address = device.address else { return nil }
            let own = netdevs[device.name] ?? []
            var pf = PhysicalFunction(
                netdev: own.first?.netdev, otherNetdevs: own.dropFirst().compactMap(\.netdev), address: address,
                permanentMAC: nil, mac: own.first?.mac, driver: device.driver, enabledVFs: functions.count,
                possibleVFs: device.maximum, isUp: own.first?.isUp, hasCarrier: nil, numaNode: device.numaNode,
                iommuGroup: device.iommuGroup,
                functions: functions.enumerated().map { index, address in
                    Self.function(index, address, byAddress[address], netdevs)
                })
            pf.isInfiniBand = (own.first ?? device).isInfiniBand
            return pf
        }.sorted { $0.address < $1.address }
        return (pfs, byAddress.isEmpty ? nil : Set(byAddress.keys))
    }

    private static func function(
        _ index: Int, _ address: PCIAddress, _ device: Device?, _ netdevs: [Name: [Device]]
    ) -> VirtualFunction {
        let netdev = device.flatMap { netdevs[$0.name]?.first }
        return VirtualFunction(
            index: index, address: address, driver: device?.driver, netdev: netdev?.netdev,
            numaNode: device?.numaNode, iommuGroup: device?.iommuGroup, groupMembers: device?.groupMembers,
            netdevMAC: netdev?.mac)
    }

    private static func device(_ name: String, _ xml: String) -> Device? {
        guard let root = try? Document(parsing: xml).root else { return nil }
        var device = Device(
            name: Name(name), parent: root.first("parent").map { Name($0.text) },
            driver: root.first(path: ["driver", "name"])?.text)
        for capability in root.all("capability") {
            switch capability[attribute: "type"] {
            case "net":
                device.netdev = capability.first("interface").map { Name($0.text) }
                let address = capability.first("address")?.text
                device.mac = address.flatMap { MACAddress($0) }
                device.isInfiniBand = address?.split(byte: ":").count == 20
                device.isUp = capability.first("link")?[attribute: "state"].flatMap {
                    $0 == "up" ? true : $0 == "down" ? false : nil
                }
            case "pci":
                device.address = PCIAddress(nodeDevice: name) ?? address(capability)
                device.isInfiniBand = capability.first("class")?.text.hasPrefix(bytes: "0x0207") ?? false
                readPCI(capability, into: &device)
            default: break
            }
        }
        return device
    }

    private static func readPCI(_ capability: Element, into device: inout Device) {
        for inner in capability.all("capability") where inner[attribute: "type"] == "virt_functions" {
            device.functions = inner.all("address").compactMap(GuestReader.pciAddress)
            device.maximum = inner[attribute: "maxCount"].flatMap(Int.init)
        }
        let group = capability.first("iommuGroup")
        device.iommuGroup = group?[attribute: "number"].flatMap(Int.init)
        device.groupMembers = group?.all("address").count
        device.numaNode = capability.first("numa")?[attribute: "node"].flatMap(Int.init)
    }

    private static func address(_ capability: Element) -> PCIAddress? {
        PCIAddress(
            domain: capability.first("domain")?.text, bus: capability.first("bus")?.text,
            slot: capability.first("slot")?.text, function: capability.first("function")?.text)
    }
}
