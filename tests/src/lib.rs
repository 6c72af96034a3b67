//! Whole-program tests, and what they need.
