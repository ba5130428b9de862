import CLibvirt

/// One reference to a libvirt object, given back when the handle goes.
///
/// libvirt's objects may be used from several threads at once, and each keeps its connection open.
struct Handle: ~Copyable, @unchecked Sendable {
    typealias Free = @convention(c) (OpaquePointer?) -> Int32

    let pointer: OpaquePointer
    private let free: Free

    /// Takes over what a libvirt call has just returned on this thread; `nil` throws that call's error.
    init(_ pointer: OpaquePointer?, freedBy free: Free) throws(LibvirtError) {
        self.pointer = try Answer.object(pointer)
        self.free = free
    }

    deinit {
        _ = free(pointer)
    }
}
