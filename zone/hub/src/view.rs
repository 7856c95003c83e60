//! Placeholder until the engines stand.
