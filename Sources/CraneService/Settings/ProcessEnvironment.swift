@unsafe @preconcurrency import Glibc

/// The environment this process was started with.
package enum ProcessEnvironment {
    /// Every variable; read once at the start, before there are other threads.
    package static func variables() -> [String: String] {
        var variables: [String: String] = [:]
        // `environ` is a list of terminated strings that ends with a null pointer.
        var entry: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?> = unsafe environ
        while let text = unsafe entry.pointee {
            let pair = unsafe String(cString: text).split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if pair.count == 2 { variables[String(pair[0])] = String(pair[1]) }
            unsafe entry += 1
        }
        return variables
    }
}
