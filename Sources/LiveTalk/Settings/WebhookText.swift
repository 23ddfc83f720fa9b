import CraneClient
import CraneService
import CraneWebhooks

/// Reads the settings of the webhooks; each function returns `nil` for a text that is malformed.
enum WebhookText {
    private static let mostEndpoints = 16

    /// `URL#whsec_…` with commas between, no URL twice.
    static func endpoints(_ text: String) -> [WebhookEndpoint]? {
        let items = SettingText.list(text)
        let endpoints = items.compactMap { WebhookEndpoint($0) }
        guard endpoints.count == items.count, endpoints.count <= mostEndpoints,
            Set(endpoints.map(\.name)).count == endpoints.count
        else { return nil }
        return endpoints
    }

    /// Networks with commas between.
    static func networks(_ text: String) -> [String]? {
        let networks = SettingText.list(text)
        return (try? AllowedAddresses(publicAnd: networks)) == nil ? nil : networks
    }
}
