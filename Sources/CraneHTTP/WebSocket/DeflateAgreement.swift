import CraneSystem

/// How two sides have agreed to compress messages (RFC 7692, section 7.1).
package struct DeflateAgreement: Hashable, Sendable {
    /// Whether this side begins each message with an empty window.
    package var serverResets = false
    /// Whether the client does.
    package var clientResets = false
    /// The base-2 logarithm of this side's window.
    package var serverBits: Int
    /// The same of the client's window; `nil` when it cannot be told, and so is 15.
    package var clientBits: Int?

    /// Accepts the first offer that can be, with windows of at most `bits`; `nil` when there is none.
    package init?(_ offers: [ExtensionOffer], bits: Int = 12) {
        for offer in offers where offer.name == "permessage-deflate" {
            if let agreement = DeflateAgreement(offer, bits: bits) {
                self = agreement
                return
            }
        }
        return nil
    }

    /// RFC 7692, section 7.1: an offer with an unknown parameter, one given twice or one with a wrong value is declined.
    private init?(_ offer: ExtensionOffer, bits: Int) {
        serverBits = bits
        guard Set(offer.parameters.map(\.name)).count == offer.parameters.count else { return nil }
        for parameter in offer.parameters {
            switch (parameter.name, parameter.value) {
            case ("server_no_context_takeover", nil): serverResets = true
            case ("client_no_context_takeover", nil): clientResets = true
            case ("server_max_window_bits", let value?):
                guard let offered = DeflateAgreement.bits(value) else { return nil }
                serverBits = min(bits, offered)
            case ("client_max_window_bits", nil): clientBits = bits
            case ("client_max_window_bits", let value?):
                guard let offered = DeflateAgreement.bits(value) else { return nil }
                clientBits = min(bits, offered)
            default: return nil
            }
        }
        // Section 7.1.1.2: a client whose window cannot be told to be small is told to forget it, which needs no memory.
        if clientBits == nil { clientResets = true }
    }

    /// 8 to 15 without a leading zero (RFC 7692, section 7.1.2).
    private static func bits(_ value: String) -> Int? {
        guard !value.begins(with: "0"), value.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return Int(value).flatMap { (8...15).contains($0) ? $0 : nil }
    }

    /// The response's field value, in the order of the reference.
    package var fieldValue: String {
        var value = "permessage-deflate"
        if serverResets { value += "; server_no_context_takeover" }
        if clientResets { value += "; client_no_context_takeover" }
        value += "; server_max_window_bits=\(serverBits)"
        if let clientBits { value += "; client_max_window_bits=\(clientBits)" }
        return value
    }
}
