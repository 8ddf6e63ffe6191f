//! The UDP lab in one program: server and client, capture, and Wireshark's table of request/response pairs.
//!
//! ```text
//! source ──Frame──▶ dissect ──Dissection──▶ views ──records──▶ output ──▶ stdout
//! file, live        link → ip → transport → application   packets · exchanges · summary   text · table · jsonl
//!                   └───────────────── pump: the only loop ─────────────────┘
//! ```
//!
//! The modules follow the data: [`source`] hands out frames, [`dissect`] says what they are, [`views`] what they mean
//! together, [`output`] writes that down, and [`pump`] is the loop that drives them. [`lab`] is the practice's server
//! and client, which know nothing of captures, [`doctor`] what keeps a capture from working. `commands` puts the parts together, one file a subcommand.

pub mod bounded;
pub mod bytes;
pub mod check;
pub mod cli;
pub mod commands;
pub mod decimal;
pub mod dissect;
pub mod doctor;
pub mod handover;
pub mod lab;
pub mod lang;
pub mod output;
pub mod platform;
pub mod printable;
pub mod pump;
pub mod source;
pub mod time;
pub mod views;
