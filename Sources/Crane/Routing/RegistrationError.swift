/// A mistake in a route's registration; `App.build()` traps with its description.
struct RegistrationError: Error, CustomStringConvertible {
    let route: String
    let reason: String

    var description: String { "route \(route): \(reason)" }
}
