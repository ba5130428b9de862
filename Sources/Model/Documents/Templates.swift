package import SRIOV
package import Text
package import XML

/// The documents vfpool makes, from the templates compiled into it or the file that someone names.
package enum Templates {
    /// The pool's template: `--template FILE`, else the embedded one.
    package static func network(_ text: String?, name: String?) throws(Failure) -> Template {
        do throws(XMLError) {
            return try Template(
                text ?? String(decoding: PackageResources.network_xml, as: UTF8.self), name: name ?? "network.xml")
        } catch {
            throw invalid(error, name ?? "network.xml")
        }
    }

    package static func fill(_ template: Template, _ holes: [Hole]) throws(Failure) -> Document {
        do throws(XMLError) {
            return try template.fill(holes, namespaces: ["vfpool": PoolMark.namespace])
        } catch {
            throw invalid(error, template.name)
        }
    }

    /// A new interface on a pool.
    package static func interface(mac: MACAddress, pool: Name, portgroup: Name?) throws(Failure) -> Document {
        let template: Template
        do throws(XMLError) {
            template = try Template(
                String(decoding: PackageResources.interface_xml, as: UTF8.self), name: "interface.xml")
        } catch {
            throw invalid(error, "interface.xml")
        }
        return try fill(
            template,
            [
                Hole(path: "/interface/mac/@address", value: mac.description),
                Hole(path: "/interface/source/@network", value: pool.string),
                Hole(path: "/interface/source/@portgroup", value: portgroup?.string),
            ])
    }

    /// The document of a reservation.
    package static func port(_ reservation: Reservation) throws(Failure) -> String {
        guard let address = PCIAddress(reservation.address) else {
            throw Failure(.invalidDocument, "\(reservation.address) is no PCI address")
        }
        let template: Template
        do throws(XMLError) {
            template = try Template(
                String(decoding: PackageResources.networkport_xml, as: UTF8.self), name: "networkport.xml")
        } catch {
            throw invalid(error, "networkport.xml")
        }
        let plug = address.attributes.map { Hole(path: "/networkport/plug/address/@\($0.name)", value: $0.value) }
        return try fill(
            template,
            [
                Hole(path: "/networkport/uuid", value: reservation.uuid),
                Hole(path: "/networkport/owner/name", value: reservation.ownerName.string),
                Hole(path: "/networkport/owner/uuid", value: reservation.ownerUUID),
                Hole(path: "/networkport/mac/@address", value: reservation.mac),
            ] + plug
        ).serialized()
    }

    /// VF settings as metadata holds them, of a pool and of a guest, with stand-in values.
    static func settings() throws(Failure) -> Document {
        do throws(XMLError) {
            return try Document(parsing: String(decoding: PackageResources.settings_xml, as: UTF8.self))
        } catch {
            throw invalid(error, "settings.xml")
        }
    }

    private static func invalid(_ error: XMLError, _ name: String) -> Failure {
        Failure(
            .invalidTemplate, "the template \(name) can't be used",
            cause: error.description,
            hints: ["start from the one that vfpool ships: templates/network.xml"])
    }
}
