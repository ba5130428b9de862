import FoundationEssentials
import Hook
import Journal
import Model
import Planning
import Reading
import SRIOV
import Spec
import Text

extension SpecOptions {
    /// What a spec needs to know of a host besides its picture.
    init(_ host: Host, _ state: State, _ spec: HostSpec) throws(Failure) {
        let hook =
            host.isLocal
            ? HookReport.ofThisHost(LocalFiles(), program: (try? OwnProgram.path()) ?? "").isInstalled : nil
        self.init(
            pf: { (word, picture) throws(Failure) in try host.pf(word.string, in: picture) },
            bootPlan: { (picture, pf, count, hostDrivers) throws(Failure) in
                let request = try Boot.request(
                    host, picture, pf, count: count, hostDrivers: hostDrivers, removes: count == nil)
                return try BootPlanner.plan(picture, request, Boot.files(pf))
            },
            isBridge: { host.isBridge($0) },
            request: { SettingsRequest($0, hookIsInstalled: hook) },
            uuid: { UUID().uuidString.asciiLowercased })
        if !spec.pfs.isEmpty { boot = try host.bootSetup(of: state) }
    }
}

extension Host {
    /// The picture with what a spec's names lead to.
    func noted(_ spec: HostSpec, in state: State) -> State {
        let bridges = spec.guests.flatMap { $0.interfaces.compactMap(\.failover.value) }
        let drivers = spec.pools.compactMap { $0.driverModel.value?.string }
        return noteDrivers(drivers, in: bridges.isEmpty ? state : noteBridges(bridges, in: state))
    }
}
