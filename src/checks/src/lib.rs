//! Checks judge one document: CEL over borrowed JSON, three-valued.
