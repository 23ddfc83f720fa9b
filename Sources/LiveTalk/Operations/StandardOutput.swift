/// Where commands write their results.
public enum StandardOutput {
    /// Writes a line at once; throws when it cannot be written, whole, since what nobody gets is not done.
    public static func write(_ line: String) throws(OperationError) {
        try TransferFile.standardOutput().write(Array((line + "\n").utf8))
    }
}
