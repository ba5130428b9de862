import Libvirt
import Model
import Text
import XML

extension DevicePlug: PerformedStep {
    func check(_ runner: StepRunner) throws(Failure) {
        // That the device is there, unplugging it will tell.
        if isPlugged { try checkUndone(runner) }
    }

    func perform(_ runner: StepRunner) throws(Failure) {
        guard isPlugged else { return try unplug(runner) }
        try runner.ask(self) { (hypervisor) throws(LibvirtError) in try hypervisor.plug(device.guestUUID, device.xml) }
    }

    func isInEffect(_ runner: StepRunner) throws(Failure) -> Bool { try (live(runner) != nil) == isPlugged }

    /// A live device went with the guest's run: there is nothing to plug or unplug any more.
    func isMoot(_ runner: StepRunner) throws(Failure) -> Bool {
        try runner.call(self) { (hypervisor) throws(LibvirtError) in
            try hypervisor.liveGuestXML(device.guestUUID) == nil
        }
    }

    private func unplug(_ runner: StepRunner) throws(Failure) {
        guard let live = try live(runner) else {
            throw Failure(
                .changedMeanwhile, "guest \(device.guestName) has no such interface any more",
                hints: ["nothing was unplugged; run the command again to plan from what is there now"])
        }
        let outcome = try runner.ask(self) { (hypervisor) throws(LibvirtError) in
            try hypervisor.unplug(device.guestUUID, device.xml, alias: live.alias ?? "", patience: device.patience)
        }
        switch outcome {
        case .gone: return
        case .refused:
            throw Failure(
                .unplugRefused, "guest \(device.guestName) refused to release the interface",
                hints: ["shut it down and start it again instead: leave out --live"])
        case .timedOut:
            if try self.live(runner) == nil { return }
            throw Failure(
                .unplugTimedOut,
                "guest \(device.guestName) did not release the interface within \(Int(device.patience)) s",
                hints: ["is the guest's system up, with hot-plug support? or leave out --live"])
        }
    }

    /// The device in the running guest.
    private func live(_ runner: StepRunner) throws(Failure) -> GuestInterface? {
        let xml = try runner.call(self) { (hypervisor) throws(LibvirtError) in
            try hypervisor.liveGuestXML(device.guestUUID)
        }
        guard let xml else {
            throw Failure(.guestNotRunning, "guest \(device.guestName) is not running any more")
        }
        let functions = Set([device.address].compactMap(\.self))
        let interfaces = try readable("guest \(device.guestName)") { () throws(XMLError) in
            try GuestReader.interfaces(in: Document(parsing: xml), functions: functions)
        }
        return interfaces.first(where: device.matches)
    }
}
