import CraneSystem

enum SystemError {
    /// The words for the last failed system call of this thread.
    static var last: String {
        // strerror answers a terminated string for every number.
        unsafe String(cString: strerror(errno))
    }
}
