import CLibvirt
import Glibc

/// What a libvirt function returned, taken for what it is; each kind that can say "failed" throws then.
///
/// The only reader of libvirt's last error. libvirt keeps one for each thread, until the thread's next call, so a result
/// is taken on the thread that called, before anything else is called. No kind takes results of another: a yes or no that
/// was never given (-1) can't be compared, and so pass for a no.
enum Answer {
    /// Of a call that returns a negative number when it fails, and else nothing to know.
    static func done(_ result: Int32) throws(LibvirtError) {
        if result < 0 { throw lastError() ?? unexplained }
    }

    /// Of a call that counts.
    static func number(_ result: Int32) throws(LibvirtError) -> Int {
        try done(result)
        return Int(result)
    }

    /// Of a call that says yes (1) or no (0).
    static func flag(_ result: Int32) throws(LibvirtError) -> Bool {
        try done(result)
        return result != 0
    }

    /// Of a call that returns an object.
    static func object(_ result: OpaquePointer?) throws(LibvirtError) -> OpaquePointer {
        guard let result else { throw lastError() ?? unexplained }
        return result
    }

    /// Of a call that returns a string that stays libvirt's.
    static func borrowedText(_ result: UnsafePointer<CChar>?) throws(LibvirtError) -> String {
        guard let result else { throw lastError() ?? unexplained }
        return String(cString: result)
    }

    /// Of a call that returns a string that becomes ours.
    static func ownedText(_ result: UnsafeMutablePointer<CChar>?) throws(LibvirtError) -> String {
        guard let result else { throw lastError() ?? unexplained }
        defer { free(result) }
        return String(cString: result)
    }

    /// The UUID that `fill` writes, in lower case with dashes.
    static func uuid(_ fill: (UnsafeMutablePointer<CChar>) -> Int32) throws(LibvirtError) -> String {
        var buffer = [CChar](repeating: 0, count: Int(VIR_UUID_STRING_BUFLEN))
        try done(fill(&buffer))
        return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// The objects of a call that returns a number and an array, both the array and each object becoming ours.
    static func list<Object>(
        freedBy freeObject: Handle.Free,
        _ call: (UnsafeMutablePointer<UnsafeMutablePointer<OpaquePointer?>?>) -> Int32,
        _ make: (consuming Handle) throws(LibvirtError) -> Object
    ) throws(LibvirtError) -> [Object] {
        var array: UnsafeMutablePointer<OpaquePointer?>?
        let count = try number(call(&array))
        var taken = 0
        defer {
            for pointer in UnsafeBufferPointer(start: array, count: count)[taken...] { _ = freeObject(pointer) }
            free(array)
        }
        var objects: [Object] = []
        objects.reserveCapacity(count)
        for pointer in UnsafeBufferPointer(start: array, count: count) {
            taken += 1
            objects.append(try make(Handle(pointer, freedBy: freeObject)))
        }
        return objects
    }

    /// What went wrong with this thread's last call; nil if nothing did.
    static func lastError() -> LibvirtError? {
        guard let error = virGetLastError()?.pointee else { return nil }
        return LibvirtError(
            code: LibvirtError.Code(rawValue: error.code),
            domain: error.domain,
            message: error.message.map { String(cString: $0) } ?? "",
            argument: error.str2.map { String(cString: $0) },
            systemNumber: error.code == Int32(VIR_ERR_SYSTEM_ERROR.rawValue) ? error.int1 : 0)
    }

    private static let unexplained = LibvirtError(code: .internalError, message: "libvirt gave no reason")
}
