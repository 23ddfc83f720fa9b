import CCurl
import CraneSystem

/// libcurl, loaded when it is first needed, and its own beginning.
@safe
final class CurlLibrary: @unchecked Sendable {
    /// Written once, before anybody has the library.
    let functions: UnsafePointer<crane_curl>

    private static let shared: Result<CurlLibrary, LoadingError> = Result { () throws(LoadingError) in
        try CurlLibrary()
    }

    private struct LoadingError: Error {
        let message: String
    }

    private init() throws(LoadingError) {
        // It stays, as the library does.
        let functions = UnsafeMutablePointer<crane_curl>.allocate(capacity: 1)
        unsafe functions.initialize(to: crane_curl())
        if let message = unsafe crane_curl_load(functions) {
            throw LoadingError(message: unsafe String(cString: message))
        }
        // A connection that has gone is an error of write(2) then; a server has it so already.
        _ = signal(SIGPIPE, SIG_IGN)
        // curl_global_init(3) is safe for threads since 7.84.
        guard unsafe functions.pointee.global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK else {
            throw LoadingError(message: "it cannot begin")
        }
        unsafe self.functions = UnsafePointer(functions)
    }

    /// The library, for a request to `origin`.
    static func loaded(for origin: String) throws(HTTPClientError) -> CurlLibrary {
        switch shared {
        case .success(let library): return library
        case .failure(let error):
            throw HTTPClientError(.failed, origin, "libcurl cannot be loaded: \(error.message)")
        }
    }
}
