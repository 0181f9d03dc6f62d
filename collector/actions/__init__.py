"""The collector's operations. Each runs in a transaction together with its consequences."""
