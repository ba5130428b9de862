import CLibvirt
import Glibc

// The only reader of libvirt's last error. libvirt keeps one for each thread, until the thread's next call,
// so a result is checked on the thread that called, before anything else is called.

/// The result of a call that returns a negative number when it fails.
@discardableResult
func check(_ result: Int32) throws(LibvirtError) -> Int32 {
    guard result >= 0 else { throw lastError() }
    return result
}

/// The result of a call that returns `NULL` when it fails.
func check<Pointer>(_ result: Pointer?) throws(LibvirtError) -> Pointer {
    guard let result else { throw lastError() }
    return result
}

/// The text of a call that returns a string that stays libvirt's.
func borrowedText(_ result: UnsafePointer<CChar>?) throws(LibvirtError) -> String {
    String(cString: try check(result))
}

/// The text of a call that returns a string that becomes ours.
func ownedText(_ result: UnsafeMutablePointer<CChar>?) throws(LibvirtError) -> String {
    let text = try check(result)
    defer { free(text) }
    return String(cString: text)
}

/// The UUID that `fill` writes, in lower case with dashes.
func uuidText(_ fill: (UnsafeMutablePointer<CChar>) -> Int32) throws(LibvirtError) -> String {
    var buffer = [CChar](repeating: 0, count: Int(VIR_UUID_STRING_BUFLEN))
    try check(fill(&buffer))
    return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
}

/// The objects of a call that returns a number and an array, both the array and each object becoming ours.
func list<Object>(
    freedBy freeObject: Handle.Free,
    _ call: (UnsafeMutablePointer<UnsafeMutablePointer<OpaquePointer?>?>) -> Int32,
    _ make: (consuming Handle) throws(LibvirtError) -> Object
) throws(LibvirtError) -> [Object] {
    var array: UnsafeMutablePointer<OpaquePointer?>?
    let count = Int(try check(call(&array)))
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

private func lastError() -> LibvirtError {
    guard let error = virGetLastError()?.pointee else {
        return LibvirtError(code: .internalError, message: "libvirt gave no reason")
    }
    return LibvirtError(
        code: LibvirtError.Code(rawValue: error.code),
        domain: error.domain,
        message: error.message.map { String(cString: $0) } ?? "",
        argument: error.str2.map { String(cString: $0) },
        systemNumber: error.code == Int32(VIR_ERR_SYSTEM_ERROR.rawValue) ? error.int1 : 0)
}
