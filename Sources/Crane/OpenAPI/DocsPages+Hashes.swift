/// The hashes of the scripts and the style for the Content-Security-Policy (CSP level 3, section 2.3.1).
/// `Tests/DocsPages/run.sh --hashes` writes this file anew; a test says when it is stale.
extension DocsPages {
    static let interactiveScriptHash = "sha256-kpvam+1YKNpjqJklyLC6HXse8dar2MlDVv1/r8nrcHQ="
    static let interactiveStyleHash = "sha256-OJUbmy6jNyGc0PuAzzdsiPHojcQlQ/MhHY+8vdphFnA="
    static let readingScriptHash = "sha256-+3Pgmxp3EoHwHM5wtK9pmYCl1qZsPQT5N7QqQpTVqJ0="
    static let readingStyleHash = "sha256-mbRX7d3Bbhv9ZEmVLUrPCpaIWSNhNPpxoBHniVQ3sEQ="
    static let redirectScriptHash = "sha256-ClS8ShdeC2hS2KcSQtw4IgvAdB9fMr4E5NDQLMI+ang="
}
