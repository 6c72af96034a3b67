//! What a person reads: pure functions of OSCAL.
