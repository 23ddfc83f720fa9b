/// A schema as JSON Schema, with the components that it refers to.
struct SchemaDescription {
    let json: JSONValue
    let components: JSONValue
    /// What is wrong with it.
    let mistake: String?

    init(_ schema: any Schema) {
        var components = SchemaComponents()
        json = schema.jsonSchema(&components)
        self.components = components.schemas
        mistake = components.mistake
    }
}

/// A made-up JSON value that a JSON Schema allows, where that is easily told.
struct SampleJSON {
    private let description: SchemaDescription
    /// Which of several values.
    private let number: Int
    private let place: Int
    /// Whether lists have an element and nullable values are not null.
    private let isFilled: Bool

    init(_ description: SchemaDescription, number: Int, place: Int, isFilled: Bool) {
        self.description = description
        self.number = number
        self.place = place
        self.isFilled = isFilled
    }

    /// What texts are tried, as many types take only some.
    static let texts = [
        "", "a", "a@example.com", "https://example.com/", "00000000-0000-4000-8000-000000000000",
        "2000-01-01T00:00:00Z", "2000-01-01", "12:00:00", "1", "#000000", "en-GB", "+441632960000",
    ]

    var value: JSONValue? { value(of: description.json, depth: 0) }

    private func value(of schema: JSONValue, depth: Int) -> JSONValue? {
        guard depth < 16 else { return nil }
        if case .string(let reference) = schema["$ref"] {
            let name = reference.split(separator: "/").last.map(String.init) ?? ""
            return description.components[name].flatMap { value(of: $0, depth: depth + 1) }
        }
        if case .array(let examples) = schema["examples"], number == 0, let first = examples.first {
            return first
        }
        if let constant = schema["const"] { return constant }
        if case .array(let cases) = schema["enum"], !cases.isEmpty { return cases[number % cases.count] }
        if case .array(let choices) = schema["anyOf"] {
            let takesNull = choices.contains { $0["type"] == .string("null") }
            if takesNull, !isFilled, number / 2 % 2 == 0 { return .null }
            return choices.first { $0["type"] != .string("null") }.flatMap { value(of: $0, depth: depth + 1) }
        }
        if case .array(let choices) = schema["oneOf"] {
            return choices.isEmpty ? nil : value(of: choices[number % choices.count], depth: depth + 1)
        }
        guard case .string(let type) = schema["type"] else { return .string(text(schema)) }
        switch type {
        case "string": return .string(text(schema))
        case "integer": return integer(schema)
        case "number": return real(schema)
        case "boolean": return .bool(number % 2 == 1)
        case "array": return list(schema, depth)
        case "object": return object(schema, depth)
        default: return nil
        }
    }

    /// Zero first, then a number that rises or falls with the place of the member.
    private var count: Int {
        number == 0 ? 0 : number % 2 == 1 ? number + place : 100 - number - place
    }

    private func text(_ schema: JSONValue) -> String {
        let last = "\(number % 10)"
        if case .string(let format) = schema["format"] {
            switch format {
            case "date-time": return "2000-01-01T00:00:0\(last)Z"
            case "date": return "200\(last)-01-01"
            case "duration": return "PT\(number)S"
            case "uuid": return "00000000-0000-4000-8000-00000000000\(last)"
            case "uri": return "https://example.com/\(number)"
            default: break
            }
        }
        var text = Self.texts[number % Self.texts.count]
        if case .integer(let least) = schema["minLength"] {
            text += String(repeating: "a", count: max(least - text.unicodeScalars.count, 0))
        }
        if case .integer(let most) = schema["maxLength"] { text = String(text.prefix(most)) }
        return text
    }

    private func integer(_ schema: JSONValue) -> JSONValue {
        func bound(_ name: String) -> Int? {
            if case .integer(let bound) = schema[name] { bound } else { nil }
        }
        let least = max(bound("minimum") ?? .min, bound("exclusiveMinimum").map { $0 + 1 } ?? .min)
        let most = min(bound("maximum") ?? .max, bound("exclusiveMaximum").map { $0 - 1 } ?? .max)
        guard least <= most else { return .integer(least) }
        var value = min(max(count, least), most)
        if value == least, number > 0, number < most &- least { value = least + number }
        if let step = bound("multipleOf"), step > 0 { value = (value + step - 1) / step * step }
        return .integer(value)
    }

    private func real(_ schema: JSONValue) -> JSONValue {
        func bound(_ name: String) -> Double? {
            if case .number(let bound) = schema[name] { bound } else { nil }
        }
        let low = bound("minimum") ?? bound("exclusiveMinimum")
        let high = bound("maximum") ?? bound("exclusiveMaximum")
        if let low, let high {
            return .number(low + (high - low) * Double(number + 1) / Double(Self.texts.count + 1))
        }
        if let low { return .number(max(Double(count), low + Double(number + 1))) }
        if let high { return .number(min(Double(count), high - Double(number + 1))) }
        return .number(Double(count))
    }

    private func list(_ schema: JSONValue, _ depth: Int) -> JSONValue? {
        var least = isFilled ? 1 : 0
        if case .integer(let bound) = schema["minItems"] { least = max(least, min(bound, Self.texts.count)) }
        var items: [JSONValue] = []
        for index in 0..<least {
            let element = SampleJSON(description, number: number + index, place: place, isFilled: false)
            guard let item = element.value(of: schema["items"] ?? [:], depth: depth + 1) else { return nil }
            items.append(item)
        }
        return .array(items)
    }

    private func object(_ schema: JSONValue, _ depth: Int) -> JSONValue? {
        var members: [JSONValue.Member] = []
        if case .array(let required) = schema["required"] {
            for (index, name) in required.enumerated() {
                let inner = SampleJSON(description, number: number, place: place + index, isFilled: false)
                guard case .string(let name) = name, let property = schema["properties"]?[name],
                    let value = inner.value(of: property, depth: depth + 1)
                else { return nil }
                members.append(.init(name, value))
            }
        }
        if let element = schema["additionalProperties"], isFilled || schema["minProperties"] != nil {
            guard let value = value(of: element, depth: depth + 1) else { return nil }
            members.append(.init("a", value))
        }
        return .object(members)
    }
}
