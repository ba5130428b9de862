import Libvirt
import Model
import Text
import XML

extension NetworkRun: PerformedStep {
    func check(_ runner: StepRunner) throws(Failure) {
        if !isStart, let port = try guestPort(runner) {
            throw Failure(
                .poolInUse, "network \(network) has a network port of guest \(port.ownerName) again",
                hints: ["stopping it would forget who holds which VF"])
        }
        try checkUndone(runner)
    }

    func perform(_ runner: StepRunner) throws(Failure) {
        try runner.ask(self) { (hypervisor) throws(LibvirtError) in
            if isStart { try hypervisor.startNetwork(network) } else { try hypervisor.stopNetwork(network) }
        }
    }

    func isInEffect(_ runner: StepRunner) throws(Failure) -> Bool {
        try runner.call(self) { (hypervisor) throws(LibvirtError) in try hypervisor.networkIsActive(network) }
            == isStart
    }

    /// What it started can be stopped while no guest is on it.
    func checkOurs(_ runner: StepRunner) throws(Failure) {
        if isStart { try NetworkRun(network: network, isStart: false).check(runner) }
    }

    /// A port of a guest's own.
    private func guestPort(_ runner: StepRunner) throws(Failure) -> NetworkPortState? {
        let texts: [String]?
        do throws(LibvirtError) {
            texts = try runner.hypervisor.portXMLs(network)
        } catch {
            throw Failure("could not read the network ports of \(network)", error)
        }
        for text in texts ?? [] {
            let port = try readable("a port of network \(network)") { () throws(XMLError) in
                try NetworkReader.port(in: Document(parsing: text))
            }
            if let port, !Reservation.isOurs(port) { return port }
        }
        return nil
    }
}

extension NetworkAutostart: PerformedStep {
    func perform(_ runner: StepRunner) throws(Failure) {
        try runner.ask(self) { (hypervisor) throws(LibvirtError) in try hypervisor.setAutostart(network, on) }
    }

    func isInEffect(_ runner: StepRunner) throws(Failure) -> Bool {
        try runner.call(self) { (hypervisor) throws(LibvirtError) in try hypervisor.networkAutostarts(network) } == on
    }
}

extension ReservedVF: PerformedStep {
    func check(_ runner: StepRunner) throws(Failure) {
        // That a reservation is there, giving it back will tell.
        if isMade { try checkUndone(runner) } else { try checkLeftBehind(runner) }
    }

    func perform(_ runner: StepRunner) throws(Failure) {
        if isMade {
            let xml = try Templates.port(reservation)
            return try runner.ask(self) { (hypervisor) throws(LibvirtError) in
                try hypervisor.createReservation(network, xml)
            }
        }
        let isThere = try runner.ask(self) { (hypervisor) throws(LibvirtError) in
            do throws(LibvirtError) {
                try hypervisor.deletePort(network, uuid: reservation.uuid)
                return true
            } catch {
                guard error.code == .noNetworkPort else { throw error }
                return false
            }
        }
        // A guest that was just stopping has given its port back by itself.
        guard isThere || !reservation.isOurs else {
            throw Failure(.changedMeanwhile, "the reservation of \(reservation.address) is gone from \(network)")
        }
    }

    func isInEffect(_ runner: StepRunner) throws(Failure) -> Bool {
        let isThere: Bool?
        if let ports = runner.ports {
            isThere = ports[network]?.contains(Name(reservation.uuid))
        } else {
            isThere = try runner.call(self) { (hypervisor) throws(LibvirtError) in
                try hypervisor.hasPort(network, uuid: reservation.uuid)
            }
        }
        return isMade ? isThere ?? true : isThere != true
    }

    /// - Throws: when a port that is a guest's own is to go, and the guest runs by now.
    private func checkLeftBehind(_ runner: StepRunner) throws(Failure) {
        guard !reservation.isOurs else { return }
        let live = try runner.call(self) { (hypervisor) throws(LibvirtError) in
            try hypervisor.liveGuestXML(reservation.ownerUUID)
        }
        guard live == nil else {
            throw Failure(
                .changedMeanwhile, "guest \(reservation.ownerName) runs again, with \(reservation.address)",
                hints: ["run the command again to plan from what is there now"])
        }
    }
}
