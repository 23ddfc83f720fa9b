/// The hashes of the scripts and the style for the Content-Security-Policy (CSP level 3, section 2.3.1).
/// `Tests/DocsPages/run.sh --hashes` writes this file anew; a test says when it is stale.
extension DocsPages {
    static let interactiveScriptHash = "sha256-FBT8nU2gWm3vCgoi7Y378yCQbnVwCEZORhrSBlJNMUs="
    static let interactiveStyleHash = "sha256-0JZw9VGUfaegBdnp4sVgNCJ6pWB8cDWJvU6sDnORgtc="
    static let readingScriptHash = "sha256-otsCEPiFdheLac4erDKJ7u4hv5o19Bs6BwLTcBOUb84="
    static let readingStyleHash = "sha256-1x9H7q3Ml45qC2gT2LVDGud5028lV/YUM/Pu+Er/p08="
    static let redirectScriptHash = "sha256-ClS8ShdeC2hS2KcSQtw4IgvAdB9fMr4E5NDQLMI+ang="
}
