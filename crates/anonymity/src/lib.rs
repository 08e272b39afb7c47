//! From an attributed report to a release that names nobody.
