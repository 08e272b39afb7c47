//! Obligations, clocks, forms: which reports are owed to whom by when.
