package import SRIOV
package import Text
package import XML

/// VF settings in metadata: below vfpool's mark of a network, and below `<guest xmlns="urn:vfpool:1">` of a guest.
///
/// One `<settings>` for a whole pool, one for each portgroup that has some (`portgroup`), one for each interface (`mac`).
/// libvirt allows each namespace one element in a metadata, so all of a guest's are below one.
package enum SettingsDocument {
    // MARK: Reading

    package static func settings(of pool: Element) -> PoolSettings {
        var settings = PoolSettings()
        for element in pool.all("settings") {
            if let name = element[name: "portgroup"] {
                settings.portgroups[name] = read(element)
            } else {
                settings.general = read(element)
            }
        }
        return settings
    }

    /// By the interface's MAC.
    package static func settings(ofGuest domain: Element) -> [MACAddress: WantedSettings] {
        guard let guest = guestElement(in: domain) else { return [:] }
        var settings: [MACAddress: WantedSettings] = [:]
        for element in guest.all("settings") {
            if let mac = element[attribute: "mac"].flatMap({ MACAddress($0) }) { settings[mac] = read(element) }
        }
        return settings
    }

    private static func read(_ element: Element) -> WantedSettings {
        var settings = WantedSettings()
        for name in WantedSettings.Name.allCases {
            guard let text = element[attribute: name.rawValue] else { continue }
            settings[name] = text
            if settings[name] == nil { settings.unreadable.append("\(name.rawValue)=\"\(text)\"") }
        }
        return settings
    }

    // MARK: Writing

    /// Says what is wanted of a pool's VFs, or of a portgroup's; settings without a word take the element away.
    package static func set(_ settings: WantedSettings, portgroup: Name?, in pool: Element) throws(Failure) {
        let old = alone(pool.all("settings").filter { $0[name: "portgroup"] == portgroup })
        guard !settings.isEmpty else {
            old?.remove()
            return
        }
        let element = if let old { old } else { pool.append(try pattern(of: "pool")) }
        element[name: "portgroup"] = portgroup
        write(settings, to: element)
    }

    /// Says what is wanted of the VF of a guest's interface.
    package static func set(_ settings: WantedSettings, mac: MACAddress, in domain: Element) throws(Failure) {
        let guest = guestElement(in: domain)
        let old = guest.flatMap { guest in
            alone(guest.all("settings").filter { $0[attribute: "mac"].flatMap { MACAddress($0) } == mac })
        }
        if settings.isEmpty {
            old?.remove()
            if let guest, guest.children.isEmpty { remove(guest) }
            return
        }
        if let old { return write(settings, to: old) }
        let pattern = try pattern(of: "guest")
        let element: Element
        if let guest {
            element = guest.append(pattern)
        } else {
            let metadata = domain.first("metadata") ?? domain.addChild("metadata", before: afterTitle(domain))
            let made = metadata.append(try whole("guest"))
            guard let first = made.all("settings").first else { throw broken("guest") }
            element = first
        }
        element[attribute: "mac"] = mac.description
        write(settings, to: element)
    }

    /// Of elements of which only one should be there the one that counts, which is the last. The others go.
    private static func alone(_ elements: [Element]) -> Element? {
        for element in elements.dropLast() { element.remove() }
        return elements.last
    }

    private static func write(_ settings: WantedSettings, to element: Element) {
        for name in WantedSettings.Name.allCases {
            // What was not understood stays as it is: it is somebody's.
            let isKept = settings.unreadable.contains { $0.hasPrefix(bytes: name.rawValue + "=") }
            if !isKept { element[attribute: name.rawValue] = settings[name] }
        }
    }

    /// Where libvirt writes a guest's metadata: before its memory.
    private static func afterTitle(_ domain: Element) -> Element? {
        let before: Set = ["name", "uuid", "hwuuid", "genid", "title", "description"]
        return domain.children.first { !before.contains($0.name) }
    }

    /// Takes a guest's element away, and a metadata that then holds nothing.
    private static func remove(_ guest: Element) {
        let metadata = guest.parent
        guest.remove()
        if metadata?.canonical().isSame(as: "<metadata/>\n") ?? false { metadata?.remove() }
    }

    // MARK: Details

    static func guestElement(in domain: Element) -> Element? {
        domain.first("metadata")?.first("guest", in: PoolMark.namespace)
    }

    private static func whole(_ name: String) throws(Failure) -> Element {
        let document = try Templates.settings()
        guard let element = document.root.first(name, in: PoolMark.namespace) else { throw broken(name) }
        for settings in element.all("settings") {
            for attribute in settings.attributes { settings[attribute: attribute.name] = nil }
        }
        return element
    }

    private static func pattern(of name: String) throws(Failure) -> Element {
        guard let settings = try whole(name).all("settings").first else { throw broken(name) }
        return settings
    }

    private static func broken(_ name: String) -> Failure {
        Failure(.invalidTemplate, "the template settings.xml has no settings of a \(name)")
    }
}
