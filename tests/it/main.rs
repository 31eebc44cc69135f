//! What the program does: one test program, a file for each thing that must hold.

mod cli;
mod clocks;
mod documents;
mod eppi;
mod example_site;
mod findings_show;
mod gaps;
mod golden;
mod house;
mod knowledge_base;
mod lines;
mod markdown;
mod pages;
mod promises;
mod publish;
mod real_sample;
mod search;
mod search_index;
mod serve_attacks;
#[cfg(target_os = "linux")]
mod serve_crowds;
#[cfg(unix)]
mod serve_program;
mod serve_socket;
mod serving;
mod similar;
