import CraneCelery
public import CraneRedis

/// Who carries tasks to Celery's workers: nobody, the broker in the service's own database, or a Redis.
public enum BrokerChoice: Hashable, Sendable, CustomStringConvertible {
    case off
    case embedded
    case redis(RedisURL)

    /// Reads `off`, `embedded` or a Redis's URL; `nil` for others.
    public init?(_ text: String) {
        switch text.lowercased() {
        case "off", "": self = .off
        case "embedded": self = .embedded
        default:
            guard let url = RedisURL(text) else { return nil }
            self = .redis(url)
        }
    }

    public var description: String {
        switch self {
        case .off: "off"
        case .embedded: "embedded"
        case .redis(let url): url.description
        }
    }
}
