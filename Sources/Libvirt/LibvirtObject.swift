/// An object of libvirt's, and the ways to ask it: what a function returns says which one fits.
protocol LibvirtObject: Sendable {
    var pointer: OpaquePointer { get }
}

extension LibvirtObject {
    /// Calls that change or start something.
    func perform(_ function: (OpaquePointer) -> Int32) throws(LibvirtError) {
        try Answer.done(function(pointer))
    }

    /// Calls that count.
    func number(_ function: (OpaquePointer) -> Int32) throws(LibvirtError) -> Int {
        try Answer.number(function(pointer))
    }

    /// Calls that say yes or no.
    func flag(_ function: (OpaquePointer) -> Int32) throws(LibvirtError) -> Bool {
        try Answer.flag(function(pointer))
    }

    /// Calls that return a number, or yes or no, in a variable.
    func value<Value: FixedWidthInteger>(
        _ function: (OpaquePointer, UnsafeMutablePointer<Value>) -> Int32
    ) throws(LibvirtError) -> Value {
        var value: Value = 0
        try Answer.done(function(pointer, &value))
        return value
    }

    /// Calls that return a string of ours.
    func text(_ function: (OpaquePointer) -> UnsafeMutablePointer<CChar>?) throws(LibvirtError) -> String {
        try Answer.ownedText(function(pointer))
    }

    /// Calls that return an object.
    func object<Object>(
        _ function: (OpaquePointer) -> OpaquePointer?, freedBy free: Handle.Free,
        _ make: (consuming Handle) throws(LibvirtError) -> Object
    ) throws(LibvirtError) -> Object {
        try make(Handle(function(pointer), freedBy: free))
    }

    /// Calls that return an array of objects.
    func list<Object>(
        _ function: (OpaquePointer, UnsafeMutablePointer<UnsafeMutablePointer<OpaquePointer?>?>) -> Int32,
        freedBy free: Handle.Free, _ make: (consuming Handle) throws(LibvirtError) -> Object
    ) throws(LibvirtError) -> [Object] {
        try Answer.list(freedBy: free, { function(pointer, $0) }, make)
    }
}
