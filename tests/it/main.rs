//! What the program does: one test program, a file for each thing that must hold.

mod cli;
mod clocks;
mod documents;
mod early;
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
mod preview;
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
#[cfg(unix)]
mod serve_saving;
mod serve_socket;
mod serve_truth;
mod serving;
mod similar;
