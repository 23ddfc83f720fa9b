/// How an input's value gets into the slot that the handler's argument is taken from.
///
/// The closures are made where the value's type is known, and so compiled for it: a loop over a parameter pack would look up
/// types and copy inputs at each request.
@safe
public struct InputExtraction: Sendable {
    @usableFromInline typealias Now = @Sendable (inout Inputs, UnsafeMutableRawPointer) throws -> Bool
    @usableFromInline typealias Later = @Sendable (inout Inputs, UnsafeMutableRawPointer) async throws -> Bool

    /// Ends the life of the value in a slot.
    @usableFromInline typealias Destroy = @Sendable (UnsafeMutableRawPointer) -> Void

    /// The slot's size and alignment: those of the value.
    let size: Int
    let alignment: Int
    let destroy: Destroy
    /// Fills the slot at once; `nil` for what may wait or run code of the application.
    let now: Now?
    /// Fills the slot in its turn; `nil` for what only reads the request.
    let later: Later?
    /// Fills the slot in its turn where dependencies are looked up; `nil` for what is no dependency.
    let lookingUp: Later?

    @inlinable
    init<Value>(of type: Value.Type, now: Now?, later: Later?, lookingUp: Later? = nil) {
        let memory = MemoryLayout<Value>.self
        // A slot holds a value when its life is ended.
        unsafe self.init(
            memory.size, memory.alignment,
            destroy: { _ = unsafe $0.assumingMemoryBound(to: Value.self).deinitialize(count: 1) },
            now, later, lookingUp)
    }

    @usableFromInline
    init(
        _ size: Int, _ alignment: Int, destroy: @escaping Destroy, _ now: Now?, _ later: Later?,
        _ lookingUp: Later?
    ) {
        self.size = size
        self.alignment = alignment
        // Kept only: `ArgumentLayout` calls them, with a slot of the value's size and alignment.
        unsafe self.destroy = destroy
        unsafe self.now = now
        unsafe self.later = later
        unsafe self.lookingUp = lookingUp
    }

    /// The extraction of an input that only reads the request; `nil` after an issue has been noted.
    @inlinable
    public static func reading<Value>(
        _ take: @escaping @Sendable (inout Inputs) throws -> Value?
    ) -> InputExtraction {
        unsafe InputExtraction(
            of: Value.self,
            now: { inputs, slot in
                guard let value = try take(&inputs) else { return false }
                // `ArgumentLayout` gives slots of the size and alignment of the input's value, empty ones.
                unsafe slot.initializeMemory(as: Value.self, to: value)
                return true
            }, later: nil)
    }

    /// The extraction of an input that may wait, or that may end the request; these run in the order of the route.
    @inlinable
    public static func running<Value>(
        _ take: @escaping @Sendable (inout Inputs) async throws -> Value?
    ) -> InputExtraction {
        unsafe InputExtraction(
            of: Value.self, now: nil,
            later: { inputs, slot in
                guard let value = try await take(&inputs) else { return false }
                // As above.
                unsafe slot.initializeMemory(as: Value.self, to: value)
                return true
            })
    }
}
