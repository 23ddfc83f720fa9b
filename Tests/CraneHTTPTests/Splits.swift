import Testing

@testable import CraneHTTP

/// Parses `bytes` whole, at every split in two, and byte by byte, and expects the same each time.
func parseAtEverySplit(
    _ bytes: [UInt8], limits: WireLimits = WireLimits(), sourceLocation: SourceLocation = #_sourceLocation
) -> Outcome {
    let whole = parse([bytes[...]], limits: limits)
    for split in 0...bytes.count {
        let parts = parse([bytes[..<split], bytes[split...]], limits: limits)
        #expect(parts == whole, "split at \(split)", sourceLocation: sourceLocation)
    }
    let single = parse(bytes.indices.map { bytes[$0...$0] }, limits: limits)
    #expect(single == whole, "byte by byte", sourceLocation: sourceLocation)
    return whole
}

func parseAtEverySplit(
    _ text: String, limits: WireLimits = WireLimits(), sourceLocation: SourceLocation = #_sourceLocation
) -> Outcome {
    parseAtEverySplit(latin1(text), limits: limits, sourceLocation: sourceLocation)
}

/// Decodes `text` whole, at every split in two, and byte by byte, and expects the same each time.
func decodeAtEverySplit(
    _ text: String, limits: WireLimits = WireLimits(), sourceLocation: SourceLocation = #_sourceLocation
) -> Decoded {
    let bytes = latin1(text)
    let whole = decode([bytes[...]], limits: limits)
    for split in 0...bytes.count {
        let parts = decode([bytes[..<split], bytes[split...]], limits: limits)
        #expect(parts == whole, "split at \(split)", sourceLocation: sourceLocation)
    }
    let single = decode(bytes.indices.map { bytes[$0...$0] }, limits: limits)
    #expect(single == whole, "byte by byte", sourceLocation: sourceLocation)
    return whole
}
