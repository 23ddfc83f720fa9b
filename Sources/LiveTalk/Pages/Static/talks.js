// The list of talks shows when each begins in the reader's own time.
sayClocks();
