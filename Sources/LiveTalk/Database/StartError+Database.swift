import CraneSQLite
import CraneService

extension StartError {
    static func database(_ url: DatabaseURL, _ error: DatabaseError) -> StartError {
        StartError("the database \(url) cannot be used: \(error)")
    }
}
