package import Text

/// One object's document before and after a step; nil stands for "there is none".
package struct DocumentChange: Sendable, Equatable {
    package var name: Name
    package var uuid: String
    @Bytewise package var before: String?
    @Bytewise package var after: String?

    package init(name: Name, uuid: String, before: String?, after: String?) {
        self.name = name
        self.uuid = uuid
        self.before = before
        self.after = after
    }

    var reversed: DocumentChange { DocumentChange(name: name, uuid: uuid, before: after, after: before) }
}
