//! From untrusted bytes to a draft report: format detection, text, mail, CSV, MISP, STIX and native reports.
