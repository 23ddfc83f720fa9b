/// Collects the issues of one input while its description walks through it.
public struct Validation {
    /// Issues past this number are dropped, so that a hostile body cannot make a response without end.
    public static let maximumIssues = 1000

    /// The issues so far, in the order of the fields.
    public private(set) var issues: [ValidationIssue] = []
    /// The way to the value that is being looked at.
    public private(set) var location: [LocationPart]
    /// Issues met, the dropped ones included.
    private var met = 0

    /// Starts at a location, `["body"]` for instance.
    public init(at location: [LocationPart]) {
        self.location = location
    }

    /// Notes an issue at the present location.
    public mutating func report(
        _ type: String, _ message: String, input: JSONValue, context: [JSONValue.Member] = []
    ) {
        report(type, message, input: input, context: context, yields: false)
    }

    mutating func report(
        _ type: String, _ message: String, input: JSONValue, context: [JSONValue.Member] = [], yields: Bool
    ) {
        met += 1
        guard issues.count < Self.maximumIssues else { return }
        var issue = ValidationIssue(
            type: type, location: location, message: message, input: input, context: context)
        issue.yields = yields
        issues.append(issue)
    }

    /// Notes an issue that was found apart, inside the present location.
    mutating func report(_ issue: ValidationIssue) {
        met += 1
        guard issues.count < Self.maximumIssues else { return }
        var issue = issue
        issue.location = location + issue.location
        issues.append(issue)
    }

    /// Runs `body` one step further in.
    public mutating func at<Result>(
        _ part: LocationPart, _ body: (inout Validation) -> Result
    ) -> Result {
        location.append(part)
        defer { location.removeLast() }
        return body(&self)
    }

    /// A point to ask about or to go back to.
    @usableFromInline
    struct Mark {
        let met: Int
        let kept: Int
    }

    @usableFromInline
    var mark: Mark { Mark(met: met, kept: issues.count) }

    @usableFromInline
    func hasIssues(since mark: Mark) -> Bool {
        met > mark.met
    }

    /// Forgets the issues met since a mark.
    mutating func rewind(to mark: Mark) {
        met = mark.met
        issues.removeLast(issues.count - mark.kept)
    }

    /// Notes that something else stands where an object should.
    mutating func reportNoObject(_ input: JSONValue) {
        report(
            "model_attributes_type", "Input should be a valid dictionary or object to extract fields from",
            input: input)
    }

    /// Notes that text holds a lone surrogate.
    package mutating func reportUnicode(_ input: JSONValue) {
        report(
            "string_unicode",
            "Input should be a valid string, unable to parse raw data as a unicode string", input: input)
    }
}
