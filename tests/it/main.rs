//! What the program does: one test program, a file for each thing that must hold.

mod cli;
mod documents;
mod findings_show;
mod golden;
mod knowledge_base;
mod lines;
mod markdown;
mod pages;
mod publish;
mod serve_socket;
