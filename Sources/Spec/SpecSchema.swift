/// The JSON Schema of specs, with which editors complete and check them.
package enum SpecSchema {
    package static var text: String { String(decoding: PackageResources.spec_schema_json, as: UTF8.self) }
}
