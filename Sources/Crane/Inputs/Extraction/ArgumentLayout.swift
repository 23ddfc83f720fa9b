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
        mutating func append(_ extraction: InputExtraction) {
            // `App.build()` refuses the route.
            guard parts.count < InputsDescription.mostInputs else { return }
            let offset = ArgumentLayout.offset(aligned: extraction.alignment, behind: byteCount)
            byteCount = offset + extraction.size
            alignment = max(alignment, extraction.alignment)
            parts.append(Part(offset: offset, extraction: extraction))
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
        for input in repeat each input { builder.append(input.extraction) }
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

    /// Where the slot of a value of that alignment begins when those before it end there.
    @inlinable
    @inline(__always)
    static func offset(aligned alignment: Int, behind end: Int) -> Int {
        (end + alignment - 1) & -alignment
    }

    /// Calls `body` with the filled slots, which live on the stack, where no input waits; `nil` where something is wrong with the inputs.
    @usableFromInline
    func withFilled<Result>(
        _ inputs: inout Inputs, _ body: (Arguments) throws -> Result
    ) throws -> Result? {
        if parts.isEmpty { return inputs.faults.isEmpty ? try body(Arguments()) : nil }
        // A byte at least, so that it has an address.
        return try unsafe withUnsafeTemporaryAllocation(byteCount: max(byteCount, 1), alignment: alignment) {
            guard let base = $0.baseAddress else { return nil }
            var marks: UInt64 = 0
            do {
                unsafe try now(&inputs, base, &marks)
            } catch {
                unsafe discard(base, marks)
                throw error
            }
            return unsafe try arguments(base, marks, inputs, isOnHeap: false).map(body)
        }
    }

    /// Whether the inputs of this request have to be waited for.
    @usableFromInline
    func waits(for inputs: Inputs) -> Bool { waits || inputs.hasLongBody || inputs.looksUpDependencies }

    /// The filled slots where no input waits; `nil` where something is wrong with the inputs.
    @usableFromInline
    func argumentsNow(from inputs: inout Inputs) throws -> Arguments? {
        if parts.isEmpty { return inputs.faults.isEmpty ? Arguments() : nil }
        // As in `arguments(from:)`.
        let memory = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: alignment)
        var marks: UInt64 = 0
        do {
            unsafe try now(&inputs, memory, &marks)
        } catch {
            unsafe discard(memory, marks)
            unsafe memory.deallocate()
            throw error
        }
        return unsafe onHeap(memory, marks, inputs)
    }

    /// The filled slots; `nil` where something is wrong with the inputs. Inputs that run code go first, in their order.
    @usableFromInline
    func arguments(from inputs: inout Inputs) async throws -> Arguments? {
        if parts.isEmpty { return inputs.faults.isEmpty ? Arguments() : nil }
        // Freed by the last argument, or here below; each slot is marked when it holds a value.
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
            unsafe memory.deallocate()
            throw error
        }
        return unsafe onHeap(memory, marks, inputs)
    }

    private func onHeap(
        _ memory: UnsafeMutableRawPointer, _ marks: UInt64, _ inputs: borrowing Inputs
    ) -> Arguments? {
        // Freed where there are no arguments that would do it.
        let arguments = unsafe arguments(memory, marks, inputs, isOnHeap: true)
        if arguments == nil { unsafe memory.deallocate() }
        return arguments
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
        _ memory: UnsafeMutableRawPointer, _ marks: UInt64, _ inputs: borrowing Inputs, isOnHeap: Bool
    ) -> Arguments? {
        // Each of the memory's slots holds a value where it is marked; the arguments take them over, or they end here.
        if marks == all, inputs.faults.isEmpty {
            return unsafe Arguments(memory, parts.count, isOnHeap: isOnHeap)
        }
        unsafe discard(memory, marks)
        return nil
    }

    private func discard(_ memory: UnsafeMutableRawPointer, _ marks: UInt64) {
        // A mark says that the slot holds a value; nobody else knows of the memory.
        for (index, part) in parts.enumerated() where marks & 1 << UInt64(index) != 0 {
            unsafe part.extraction.destroy(memory + part.offset)
        }
    }
}
