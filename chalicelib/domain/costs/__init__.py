"""What the ledger's lines say: sums by key, costs per outcome, forecasts, budgets, and the bill compared."""
