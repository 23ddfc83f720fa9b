/// The hashes of the scripts and the style for the Content-Security-Policy (CSP level 3, section 2.3.1).
/// `Tests/DocsPages/run.sh --hashes` writes this file anew; a test says when it is stale.
extension DocsPages {
    static let interactiveScriptHash = "sha256-a+cnJceqqb75Fhy0+NDTqsEaQ4ecW7UW3+PF7f6ffg0="
    static let interactiveStyleHash = "sha256-co9PsU4rikOdLnSZEzFyKEjPHadzl1TwxwZiSLG3aa4="
    static let readingScriptHash = "sha256-f80SAum3j3KCmd264r+F35M9oMaJpEzC/jBegw8dkDk="
    static let readingStyleHash = "sha256-vqTHE/KcLlTTpv/vyLvLSyLFP9W6bA/G+quIaptNSn4="
    static let redirectScriptHash = "sha256-lyo7qu7lJnfb+dS99i8sDzwls+ELJhbwNPB64gD8Zn8="
}
