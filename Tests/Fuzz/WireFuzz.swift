/// libFuzzer's entry for the codecs of CraneHTTP and CraneRESP: stops at the first input that breaks an invariant.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzWire(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = unsafe Array(UnsafeBufferPointer(start: data, count: count))
    if let broken = WireInvariants.broken(by: input) ?? RESPInvariants.broken(by: input) {
        fatalError(broken)
    }
    return 0
}
