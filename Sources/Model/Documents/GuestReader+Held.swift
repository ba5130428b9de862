package import SRIOV
import Text
package import XML

extension GuestReader {
    /// What libvirt hands on to QEMU as it is, and what QEMU is told over libvirt's head.
    private static let qemu = "http://libvirt.org/schemas/domain/qemu/1.0"

    /// Everything of the host's devices that a guest's document takes; see `interfaces`.
    package static func devices(
        in document: Document, functions: Set<PCIAddress>?
    ) throws(XMLError) -> GuestDevices {
        var devices = GuestDevices(interfaces: try interfaces(in: document, functions: nil))
        let (domain, list) = try self.devices(in: document)
        devices.settings = SettingsDocument.settings(ofGuest: domain)
        devices.titles = Titles(domain)
        devices.usesIOMMUFD = FunctionDriver.isOn(domain.first("iommufd")?[attribute: "enabled"])
        devices.held = vdpa(list) + commandLine(domain) + overrides(domain)
        devices.unjudged = unjudged(domain)
        if let functions { devices.sort(by: functions) }
        return devices
    }

    private static func vdpa(_ devices: Element) -> [HeldDevice] {
        devices.all("interface").compactMap { element in
            guard element[attribute: "type"] == "vdpa",
                let file = element.first("source")?[attribute: "dev"]?.split(byte: "/").last
            else { return nil }
            let mac = element.first("mac")?[attribute: "address"].flatMap { MACAddress($0) }
            return HeldDevice(.vdpa(mac), .vdpa(Name(String(file))))
        }
    }

    private static func commandLine(_ domain: Element) -> [HeldDevice] {
        domain.all("commandline", in: qemu).flatMap { line in
            QEMUCommandLine.devices(line.all("arg").map { $0[attribute: "value"] ?? "" })
        }
    }

    private static func unjudged(_ domain: Element) -> [String] {
        domain.all("commandline", in: qemu).flatMap { line in
            QEMUCommandLine.unjudged(line.all("arg").map { $0[attribute: "value"] ?? "" })
        }
    }

    private static func overrides(_ domain: Element) -> [HeldDevice] {
        let devices = domain.all("override", in: qemu).flatMap { $0.all("device") }
        return devices.flatMap { $0.all("frontend") }.flatMap { $0.all("property") }.compactMap { property in
            QEMUCommandLine.device(
                property[attribute: "name"] ?? "", property[attribute: "value"] ?? "", .override)
        }
    }
}
