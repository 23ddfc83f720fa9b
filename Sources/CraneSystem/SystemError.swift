/// An error number of the system (errno(3)); its description is the system's text.
package struct SystemError: Error, Hashable, CustomStringConvertible {
    package let code: Int32

    package init(_ code: Int32) {
        self.code = code
    }

    /// What this thread's last failed call has left in `errno`: asked for before anything else is called.
    package static var last: SystemError { SystemError(errno) }

    // strerror(3) has a text for every number, and glibc keeps one for each thread.
    package var description: String { unsafe String(cString: strerror(code)) }

    /// Throws the last error when `result`, as system calls return it, is negative.
    @discardableResult
    package static func check<Result: SignedInteger>(_ result: Result) throws(SystemError) -> Result {
        guard result >= 0 else { throw .last }
        return result
    }

    /// Makes a call, and makes it again as long as signals interrupt it (EINTR, signal(7)).
    @discardableResult
    static func retrying<Result: SignedInteger>(_ call: () -> Result) throws(SystemError) -> Result {
        while true {
            let result = call()
            if result >= 0 { return result }
            let error = last
            guard error.code == EINTR else { throw error }
        }
    }
}
