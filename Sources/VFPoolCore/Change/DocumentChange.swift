/// One object's document before and after a step; nil stands for "there is none".
package struct DocumentChange: Sendable, Equatable {
    package var name: String
    package var uuid: String
    package var before: String?
    package var after: String?

    package init(name: String, uuid: String, before: String?, after: String?) {
        self.name = name
        self.uuid = uuid
        self.before = before
        self.after = after
    }

    var reversed: DocumentChange { DocumentChange(name: name, uuid: uuid, before: after, after: before) }
}
