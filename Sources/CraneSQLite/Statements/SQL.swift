/// SQL that is put together from the names of tables and columns, once: a connection finds its statement by this object.
///
/// Kept in a constant: `static let byTalk = SQL("SELECT \(Comment.table.columnList()) FROM comment WHERE talk_id = :talk_id")`.
/// Values go in by parameters, never into the text.
public final class SQL: Sendable {
    public let text: String

    public init(_ text: String) {
        self.text = text
    }
}
