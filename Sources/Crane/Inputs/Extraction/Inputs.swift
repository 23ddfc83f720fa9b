public import CraneHTTP
public import CraneSchema

/// The inputs of one request while they are read: the request, and all that is wrong with it.
///
/// Belongs to the task that answers the request. Costs no allocation until something is wrong.
public struct Inputs {
    /// The request that the inputs are taken from.
    public let request: Request
    /// What belongs to it beside its message.
    public let context: Context
    @usableFromInline private(set) var faults: [Fault] = []
    /// The body, once it has been read.
    @usableFromInline var content = BodyContent.none
    /// What dependencies that are named more than once have given.
    var solved: [ObjectIdentifier: any Sendable] = [:]
    /// The scopes that are wanted of what is read now.
    var scopes: [String] = []
    /// Whether dependencies have to be looked up: one is overridden, or several inputs of the route share one.
    @usableFromInline var looksUpDependencies = false
    /// Whether the body is so long that what it holds is read on a worker thread.
    @usableFromInline var hasLongBody = false

    @usableFromInline
    struct Fault {
        let place: InputLocation
        let issue: ValidationIssue
    }

    @usableFromInline
    init(_ request: Request, _ context: Context) {
        self.request = request
        self.context = context
    }

    /// Notes what is wrong with an input.
    @inline(never)
    public mutating func note(_ issues: [ValidationIssue], at place: InputLocation) {
        faults += issues.map { Fault(place: place, issue: $0) }
    }

    /// Throws every issue that has been noted.
    func check() throws {
        if !faults.isEmpty { throw refusal }
    }

    /// All issues: those of dependencies first, then path, query, header, cookie and body, each as they were noted.
    @usableFromInline
    var refusal: RequestValidationError {
        let issues = InputLocation.allCases.flatMap { place in
            faults.filter { $0.place == place }.map(\.issue)
        }
        let own = issues.filter { !$0.yields }
        return RequestValidationError(own.isEmpty ? issues : own)
    }

    /// Begins the inputs of a dependency; gives back what was noted outside it, for `leave`.
    @usableFromInline
    mutating func enter() -> [Fault] {
        guard !faults.isEmpty else { return [] }
        let outside = faults
        faults = []
        return outside
    }

    /// Ends the inputs of a dependency.
    @usableFromInline
    mutating func leave(to outside: [Fault]) {
        if faults.isEmpty {
            if !outside.isEmpty { faults = outside }
        } else {
            merge(outside)
        }
    }

    private mutating func merge(_ outside: [Fault]) {
        let inside = refusal.issues
        faults = outside
        note(inside, at: .dependency)
    }
}
