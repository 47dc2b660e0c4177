"""The ledger: an append-only history on a branch of its own, and her repository beside it."""
