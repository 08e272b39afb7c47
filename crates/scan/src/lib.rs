//! Find millions of indicators in log bytes, fast.
