/// A described type whose values are the rows of a table: one description for JSON, validation, OpenAPI and the database.
public protocol Record: SchemaRepresentable where Description == Object<Self> {
    static var table: Table<Self> { get }
}
