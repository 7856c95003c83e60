//! The program from outside: imports into real stores, the command line, the tree of the project.

mod cli;
mod imports;
mod tidy;
mod views;
mod world;
