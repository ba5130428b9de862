/// An object of libvirt's, and the ways to ask it: what a function returns says which one fits.
///
/// Each waits for the answer as long as the line has patience, and throws `.noAnswer` then.
protocol LibvirtObject: Sendable {
    var line: Line { get }
    var pointer: OpaquePointer { get }
}

extension LibvirtObject {
    /// Calls that change or start something.
    func perform(isLong: Bool = false, _ function: @escaping @Sendable (OpaquePointer) -> Int32) throws(LibvirtError) {
        try line.call(isLong: isLong) { () throws(LibvirtError) in try Answer.done(function(self.pointer)) }
    }

    /// Calls that count.
    func number(_ function: @escaping @Sendable (OpaquePointer) -> Int32) throws(LibvirtError) -> Int {
        try line.call { () throws(LibvirtError) in try Answer.number(function(self.pointer)) }
    }

    /// Calls that say yes or no.
    func flag(_ function: @escaping @Sendable (OpaquePointer) -> Int32) throws(LibvirtError) -> Bool {
        try line.call { () throws(LibvirtError) in try Answer.flag(function(self.pointer)) }
    }

    /// Calls that return a number, or yes or no, in a variable.
    func value<Value: FixedWidthInteger & Sendable>(
        _ function: @escaping @Sendable (OpaquePointer, UnsafeMutablePointer<Value>) -> Int32
    ) throws(LibvirtError) -> Value {
        try line.call { () throws(LibvirtError) in
            var value: Value = 0
            try Answer.done(function(self.pointer, &value))
            return value
        }
    }

    /// Calls that return a string of ours.
    func text(
        _ function: @escaping @Sendable (OpaquePointer) -> UnsafeMutablePointer<CChar>?
    ) throws(LibvirtError) -> String {
        try line.call { () throws(LibvirtError) in try Answer.ownedText(function(self.pointer)) }
    }

    /// Calls that return an object.
    func object<Object: Sendable>(
        _ function: @escaping @Sendable (OpaquePointer) -> OpaquePointer?, freedBy free: @escaping Handle.Free,
        _ make: @escaping @Sendable (consuming Handle, Line) throws(LibvirtError) -> Object
    ) throws(LibvirtError) -> Object {
        try line.call { () throws(LibvirtError) in
            try make(Handle(function(self.pointer), freedBy: free), self.line)
        }
    }

    /// Calls that return an array of objects.
    func list<Object: Sendable>(
        _ function:
            @escaping @Sendable (
                OpaquePointer, UnsafeMutablePointer<UnsafeMutablePointer<OpaquePointer?>?>
            ) -> Int32,
        freedBy free: @escaping Handle.Free,
        _ make: @escaping @Sendable (consuming Handle, Line) throws(LibvirtError) -> Object
    ) throws(LibvirtError) -> [Object] {
        try line.call { () throws(LibvirtError) in
            try Answer.list(freedBy: free, { function(self.pointer, $0) }) { (handle) throws(LibvirtError) in
                try make(handle, self.line)
            }
        }
    }
}
