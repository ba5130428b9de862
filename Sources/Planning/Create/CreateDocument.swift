import Model
import SRIOV
import Text
import XML

/// The document of a new pool: the template, filled, with the settings that were asked for.
enum CreateDocument {
    static func new(_ request: CreateRequest) throws(Failure) -> Document {
        for pf in request.pfs { try CardLimits.checkNetdev(pf) }
        let template = try Templates.network(request.template, name: request.templateName)
        let document = try Templates.fill(
            template,
            [
                Hole(path: "/network/name", value: (request.name ?? CreatePlanner.defaultName(request.pfs)).string),
                Hole(path: "/network/uuid", value: request.uuid),
                Hole(path: "/network/forward/pf/@dev", value: request.pfs.first?.title.string),
            ])
        guard let mark = PoolDocument.markElement(in: document.root) else {
            throw Failure(
                .invalidTemplate, "the template \(template.name) can't be used",
                cause: "it has no vfpool mark in /network/metadata",
                hints: ["start from the one that vfpool ships: templates/network.xml"])
        }
        try set(request.mark, in: mark)
        if let model = request.driverModel {
            document.root.first("forward")?.first("driver")?[attribute: "model"] = model
        }
        if let iommufd = request.iommufd {
            document.root.first("forward")?.first("driver")?[attribute: "iommufd"] = iommufd ? "yes" : "no"
        }
        try want(request, in: mark)
        if let vlan = request.vlan { PoolDocument.setVLAN(vlan, in: document.root) }
        for portgroup in request.portgroups { PoolDocument.add(portgroup, to: document.root) }
        try checkSettings(document, template.name, request)
        try list(request, in: document)
        return document
    }

    /// - Throws: `invalid-template`.
    private static func set(_ mark: PoolMark, in element: Element) throws(Failure) {
        // A template of somebody's own may be of before there were pools over several PFs.
        if mark.isOfSeveral, element.first("several") == nil,
            let several = PoolDocument.markElement(in: try pattern().root)?.first("several")
        {
            _ = element.append(several)
        }
        PoolDocument.fill(element, with: mark)
    }

    /// The template of the mark.
    static func pattern() throws(Failure) -> Document { try Templates.fill(try Templates.network(nil, name: nil), []) }

    /// One `<pf>` is all that libvirt allows, of a name that its grammar knows: else there is a list of functions.
    private static func list(_ request: CreateRequest, in document: Document) throws(Failure) {
        guard request.mark.isOfSeveral || !request.pfs.allSatisfy(\.title.isDeviceName) else { return }
        let all = PoolPFs(request.mark, in: request.pfs).arranged(request.covered, listed: [])
        try readable("network \(request.name ?? CreatePlanner.defaultName(request.pfs))") { () throws(XMLError) in
            try PoolDocument.set(.addresses(all), in: document)
        }
    }

    /// What is wanted of all the pool's VFs, over what a template of the user's own says.
    static func want(_ request: CreateRequest, in mark: Element) throws(Failure) {
        if !request.settings.isEmpty {
            let wanted = request.settings.change.applied(to: SettingsDocument.settings(of: mark).general)
            try SettingsDocument.set(wanted, portgroup: nil, in: mark)
        }
        for (group, settings) in request.groupSettings {
            let now = SettingsDocument.settings(of: mark).portgroups[group] ?? WantedSettings()
            try SettingsDocument.set(settings.change.applied(to: now), portgroup: group, in: mark)
        }
    }

    /// What an administrator's own template may have brought that a VF can't do.
    private static func checkSettings(
        _ document: Document, _ name: String, _ request: CreateRequest
    ) throws(Failure) {
        guard let configuration = NetworkReader.configuration(in: document) else {
            throw Failure(.invalidTemplate, "the template \(name) is no hostdev network")
        }
        guard configuration.addresses.isEmpty else {
            throw Failure(
                .invalidTemplate, "the template \(name) can't be used",
                cause: "it has a <pf> and addresses in <forward>: libvirt would drop the <pf> silently",
                hints: ["leave the addresses out, and name the VFs with --vfs"])
        }
        let settings = NetworkReader.settings(in: document)
        if let name = settings.refused.first {
            throw Failure(.invalidTemplate, "the template can't be used: a hostdev network can't have <\(name)>")
        }
        if configuration.hasTrunk { throw CreateChecks.trunk("the template") }
        if let problem = configuration.problems(settings, request.covered).first {
            throw Failure(.invalidTemplate, "no guest could start on a pool of this template: \(problem)")
        }
        try CreateChecks.checkSettings(
            vlans: ([configuration.vlan] + configuration.portgroups.map(\.vlan)).compactMap(\.self),
            portgroups: configuration.portgroups, hasTrunk: configuration.hasTrunk)
    }
}
