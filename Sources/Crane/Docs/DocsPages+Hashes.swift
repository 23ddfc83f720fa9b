/// The hashes of the scripts and the style for the Content-Security-Policy (CSP level 3, section 2.3.1).
/// `Tests/DocsPages/run.sh --hashes` writes this file anew; a test says when it is stale.
extension DocsPages {
    static let interactiveScriptHash = "sha256-4vHkSt0ljwqeichggPLfIeHzOzqJ0cnb3P7OcDeHOxo="
    static let interactiveStyleHash = "sha256-MM1t9F/ZrpmPHe2uQGuzMRUtN4+FmD31MdzKCtxz1RY="
    static let readingScriptHash = "sha256-RA28yYd2FHXkVrCxTQsO7BNe+0Pw6Xfuy5sXWw6spVQ="
    static let readingStyleHash = "sha256-u48PaoVG4PRRRlaD5MlA2Ne1vjmzAL1W/9b6WCfKTvo="
    static let redirectScriptHash = "sha256-ClS8ShdeC2hS2KcSQtw4IgvAdB9fMr4E5NDQLMI+ang="
}
