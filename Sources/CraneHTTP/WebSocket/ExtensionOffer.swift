import CraneSystem

/// One extension as a client offers it: a name and its parameters (RFC 6455, section 9.1).
package struct ExtensionOffer: Hashable, Sendable {
    package struct Parameter: Hashable, Sendable {
        package var name: String
        package var value: String?
    }

    package var name: String
    package var parameters: [Parameter]

    /// The offers in a field's value, in order of preference; `nil` for what the grammar does not allow.
    package static func parse(_ value: String) -> [ExtensionOffer]? {
        var offers: [ExtensionOffer] = []
        // No quoted value that is legal has a comma or a semicolon in it: it must be a token once its quotes are off.
        for element in value.pieces(at: ",") {
            let parts = element.pieces(at: ";")
            let name = String(parts[0].withoutBlanks)
            // RFC 9110, section 5.6.1: empty elements of a list are passed over.
            if name.isEmpty, parts.count == 1 { continue }
            guard HandshakeText.isToken(name) else { return nil }
            var parameters: [Parameter] = []
            for part in parts.dropFirst() {
                guard let parameter = Parameter(part) else { return nil }
                parameters.append(parameter)
            }
            offers.append(ExtensionOffer(name: name, parameters: parameters))
        }
        return offers
    }
}

extension ExtensionOffer.Parameter {
    fileprivate init?(_ text: Substring) {
        let halves = text.halves(at: "=")
        name = String((halves?.before ?? text).withoutBlanks)
        guard HandshakeText.isToken(name) else { return nil }
        guard let sent = halves?.behind.withoutBlanks else { return }
        let value = String(sent.withinQuotes ?? sent)
        guard HandshakeText.isToken(value) else { return nil }
        self.value = value
    }
}
