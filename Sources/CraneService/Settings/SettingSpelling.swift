import Crane

/// How a setting's value may be written: guesses, of which the setting's own parser confirms one.
enum SettingSpelling {
    static func guesses(of value: Any) -> [String] {
        if let optional = value as? any AnyOptional {
            return optional.content.map { guesses(of: $0) } ?? ["off", "", "*"]
        }
        switch value {
        case let texts as [String]: return [texts.joined(separator: ",")]
        case let list as any Collection where list.isEmpty: return [""]
        case let rule as RateRule: return ["\(rule.count)/\(rule.seconds)"]
        case let mode as UInt16: return [String(mode, radix: 8)]
        case let number as Int: return ["\(number)", "\(number >> 20)"]
        case let time as Duration:
            let seconds = time / .seconds(1)
            let whole = time.components.seconds
            return (seconds == Double(whole) ? ["\(whole)"] : ["\(seconds)"]) + ["\(whole / 86400)"]
        case let access as ServerSettings.AccessLog where access == .standardError: return ["stderr"]
        // Its networks are its own.
        case is TrustedProxies: return ["127.0.0.0/8,::1", ""]
        case let choice as any RawRepresentable: return ["\(choice.rawValue)"]
        // A value that stands for what is usual may be written as nothing.
        default: return ["\(value)", ""]
        }
    }
}

/// An optional value whose type nobody knows here.
private protocol AnyOptional {
    var content: Any? { get }
}

extension Optional: AnyOptional {
    fileprivate var content: Any? { self }
}
