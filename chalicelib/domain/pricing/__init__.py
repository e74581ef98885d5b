"""What invocations cost: price books, reports and usage, the split over keys, and the ledger's lines."""
