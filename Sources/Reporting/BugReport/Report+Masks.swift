import Model
import Text

extension Report {
    /// The same with masks instead of names, so that tables of it are in line. What is masked by its form alone is left to
    /// what is printed of it.
    package func masked(by masks: Masks) -> Report {
        var report = self
        report.uri = masks.text(uri)
        report.pools = pools.map { $0.masked(by: masks) }
        report.pfs = pfs.map { $0.masked(by: masks) }
        report.guests = guests.map { $0.masked(by: masks) }
        return report
    }
}

extension PoolReport {
    fileprivate func masked(by masks: Masks) -> PoolReport {
        var pool = self
        pool.name = masks.name(name, .pool)
        pool.titles.title = titles.title.map { masks.name($0, .text) }
        pool.titles.description = titles.description.map { masks.name($0, .text) }
        pool.portgroups = portgroups.map { group in
            var group = group
            group.name = masks.name(group.name, .portgroup)
            return group
        }
        pool.wanted.portgroups = Dictionary(wanted.portgroups.map { (masks.name($0.key, .portgroup), $0.value) }) { $1 }
        pool.functions = functions.map { $0.masked(by: masks) }
        pool.guests = guests.map { masks.name($0, .guest) }
        for index in pool.pfs.indices {
            pool.pfs[index].title = pfs[index].title.map { Name(masks.text($0.string)) }
            pool.pfs[index].documentName = pfs[index].documentName.map { Name(masks.text($0.string)) }
        }
        return pool
    }
}

extension FunctionReport {
    fileprivate func masked(by masks: Masks) -> FunctionReport {
        var function = self
        function.pf = pf.map { Name(masks.text($0.string)) }
        function.pools = pools.map { masks.name($0, .pool) }
        function.guest = guest.map { masks.name($0, .guest) }
        function.interfaceAlias = interfaceAlias.map { Name(masks.text($0.string)) }
        return function
    }
}

extension PFReport {
    fileprivate func masked(by masks: Masks) -> PFReport {
        var pf = self
        pf.title = Name(masks.text(title.string))
        pf.netdev = netdev.map { Name(masks.text($0.string)) }
        pf.otherNetdevs = otherNetdevs.map { Name(masks.text($0.string)) }
        pf.pools = pools.map { masks.name($0, .pool) }
        pf.functions = functions.map { $0.masked(by: masks) }
        return pf
    }
}

extension GuestReport {
    fileprivate func masked(by masks: Masks) -> GuestReport {
        var guest = self
        guest.name = masks.name(name, .guest)
        guest.titles.title = titles.title.map { masks.name($0, .text) }
        guest.titles.description = titles.description.map { masks.name($0, .text) }
        for index in guest.interfaces.indices {
            guest.interfaces[index].alias = interfaces[index].alias.map { Name(masks.text($0.string)) }
            guest.interfaces[index].live = interfaces[index].live?.masked(by: masks)
            guest.interfaces[index].next = interfaces[index].next?.masked(by: masks)
            guest.interfaces[index].lostPool = interfaces[index].lostPool.map { masks.name($0, .pool) }
        }
        return guest
    }
}

extension ConnectionReport {
    fileprivate func masked(by masks: Masks) -> ConnectionReport {
        var connection = self
        switch kind {
        case .pool: connection.name = name.map { masks.name($0, .pool) }
        case .network: connection.name = name.map { masks.name($0, .network) }
        case .bridge, .direct, .hostdevInterface, .hostdev: connection.name = name.map { Name(masks.text($0.string)) }
        // An interface's type.
        case .other: break
        }
        connection.portgroup = portgroup.map { masks.name($0, .portgroup) }
        return connection
    }
}
