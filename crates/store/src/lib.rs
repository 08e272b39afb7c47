//! One small transactional store over SQLite and PostgreSQL; knows no domain word.
