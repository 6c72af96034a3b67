//! Plan, collect, evaluate, observe, exempt, assess, emit.
