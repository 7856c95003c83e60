//! The program from outside: imports into real stores, the command line, the tree of the project.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod cli;
mod hj212;
mod imports;
mod rules;
mod tidy;
mod views;
mod world;
