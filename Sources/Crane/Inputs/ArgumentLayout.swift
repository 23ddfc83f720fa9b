/// The inputs of one route or dependency, laid out: where each value waits until the handler takes it, and what puts it there.
///
/// Made at registration, shared by all loops.
@usableFromInline
@safe
final class ArgumentLayout: Sendable {
    @safe
    fileprivate struct Part: Sendable {
        let offset: Int
        let extraction: InputExtraction
        /// Ends the life of the value in the slot.
        let destroy: @Sendable (UnsafeMutableRawPointer) -> Void

        /// Fills the slots before this one and then this one, if that can be done at once.
        func filled(after previous: @escaping Filling, as index: Int) -> Filling {
            guard let extraction = unsafe extraction.now else { return unsafe previous }
            let offset = offset
            let mark: UInt64 = 1 << UInt64(index)
            return { inputs, memory, filled in
                unsafe try previous(&inputs, memory, &filled)
                if unsafe try extraction(&inputs, memory + offset) { filled |= mark }
            }
        }
    }

    fileprivate typealias Filling =
        @Sendable (inout Inputs, UnsafeMutableRawPointer, inout UInt64) throws -> Void

    /// Collects the parts in the order of the handler's arguments.
    @usableFromInline
    struct Builder {
        fileprivate var parts: [Part] = []
        fileprivate var byteCount = 0
        fileprivate var alignment = 1

        @usableFromInline
        init() {}

        @usableFromInline
        mutating func append<Content: Input>(_ input: Content) {
            let memory = MemoryLayout<Content.Value>.self
            // `App.build()` refuses the route.
            guard parts.count < OperationDescription.mostInputs else { return }
            let offset = (byteCount + memory.alignment - 1) & -memory.alignment
            byteCount = offset + memory.size
            alignment = max(alignment, memory.alignment)
            unsafe parts.append(
                Part(
                    offset: offset, extraction: input.extraction,
                    destroy: {
                        _ = unsafe $0.assumingMemoryBound(to: Content.Value.self).deinitialize(count: 1)
                    }))
        }
    }

    private let parts: [Part]
    /// Fills the slots that can be filled at once, and marks them.
    private let now: Filling
    private let byteCount: Int
    private let alignment: Int
    private let all: UInt64
    /// Whether some input may wait.
    @usableFromInline let waits: Bool

    @inlinable
    convenience init<each Part: Input>(_ input: repeat each Part) {
        var builder = Builder()
        for input in repeat each input { builder.append(input) }
        self.init(builder)
    }

    @usableFromInline
    init(_ builder: Builder) {
        parts = builder.parts
        byteCount = builder.byteCount
        alignment = builder.alignment
        all = parts.isEmpty ? 0 : .max >> UInt64(64 - parts.count)
        // Asked for only: no closure is called, and so no slot touched.
        waits = parts.contains { unsafe $0.extraction.now == nil }
        // One closure calls the next: an array of them would be retained and released one by one.
        var filling: Filling = { _, _, _ in }
        for (index, part) in parts.enumerated() { unsafe filling = part.filled(after: filling, as: index) }
        unsafe now = filling
    }

    var count: Int { parts.count }

    /// Where the value of an argument stands.
    func offset(of index: Int) -> Int { parts[index].offset }

    /// The filled slots; `nil` where something is wrong with the inputs. Waits only where an input does.
    @inlinable
    @inline(__always)
    func arguments(from inputs: inout Inputs) async throws -> Arguments? {
        waits || inputs.looksUpDependencies || inputs.hasLongBody
            ? try await filledWaiting(&inputs) : try filled(&inputs)
    }

    /// The filled slots, where no input waits; `nil` where something is wrong with the inputs.
    @usableFromInline
    func filled(_ inputs: inout Inputs) throws -> Arguments? {
        if parts.isEmpty { return inputs.faults.isEmpty ? Arguments() : nil }
        // Freed by the slots, or here below; each slot is marked when it holds a value.
        let memory = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: alignment)
        var marks: UInt64 = 0
        do {
            unsafe try now(&inputs, memory, &marks)
        } catch {
            unsafe discard(memory, marks)
            throw error
        }
        return unsafe arguments(memory, marks, inputs)
    }

    /// The filled slots; `nil` where something is wrong with the inputs. Inputs that run code go first, in their order.
    @usableFromInline
    func filledWaiting(_ inputs: inout Inputs) async throws -> Arguments? {
        if parts.isEmpty { return inputs.faults.isEmpty ? Arguments() : nil }
        // As above.
        let memory = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: alignment)
        var marks: UInt64 = 0
        do {
            for index in parts.indices {
                let extraction = parts[index].extraction
                let looked = unsafe inputs.looksUpDependencies ? extraction.lookingUp : nil
                guard let later = unsafe looked ?? extraction.later else { continue }
                if unsafe try await later(&inputs, memory + parts[index].offset) {
                    marks |= 1 << UInt64(index)
                }
            }
            if inputs.hasLongBody {
                unsafe try await fillOnWorker(&inputs, memory, &marks)
            } else {
                unsafe try now(&inputs, memory, &marks)
            }
        } catch {
            unsafe discard(memory, marks)
            throw error
        }
        return unsafe arguments(memory, marks, inputs)
    }

    /// Fills what can be filled at once, on a worker thread: a long body would hold the loop.
    private func fillOnWorker(
        _ inputs: inout Inputs, _ memory: UnsafeMutableRawPointer, _ marks: inout UInt64
    ) async throws {
        let loan = unsafe Loan(inputs: inputs, memory: memory, marks: marks)
        defer {
            inputs = loan.inputs
            marks = loan.marks
        }
        let fill = unsafe now
        try await inputs.context.blocking {
            unsafe try fill(&loan.inputs, loan.memory, &loan.marks)
        }
    }

    /// What a worker thread fills while the task that lent it waits for nothing but that.
    @safe
    private final class Loan: @unchecked Sendable {
        var inputs: Inputs
        let memory: UnsafeMutableRawPointer
        var marks: UInt64

        init(inputs: Inputs, memory: UnsafeMutableRawPointer, marks: UInt64) {
            self.inputs = inputs
            // Lent for the length of the wait.
            unsafe self.memory = memory
            self.marks = marks
        }
    }

    private func arguments(
        _ memory: UnsafeMutableRawPointer, _ marks: UInt64, _ inputs: borrowing Inputs
    ) -> Arguments? {
        // Each of the memory's slots holds a value where it is marked; the slots take it over, or it is freed.
        if marks == all, inputs.faults.isEmpty { return unsafe Arguments(self, memory) }
        unsafe discard(memory, marks)
        return nil
    }

    private func discard(_ memory: UnsafeMutableRawPointer, _ marks: UInt64) {
        // A mark says that the slot holds a value; nobody else knows of the memory.
        for (index, part) in parts.enumerated() where marks & 1 << UInt64(index) != 0 {
            unsafe part.destroy(memory + part.offset)
        }
        unsafe memory.deallocate()
    }
}
