//! The project's own captures made wrong, a few hundred times, and read as the program reads them. `tests/mutate` does the
//! same with any captures, as often as one likes, and measures time and memory besides.

#[path = "../mutate/mutation.rs"]
mod mutation;
#[path = "../mutate/reading.rs"]
mod reading;
#[path = "../mutate/walk.rs"]
mod walk;

use std::sync::Arc;

use crate::properties::fixtures;
use mutation::{Mutated, mutate};
use reading::{Step, steps, take};
use walk::{End, walk};

const EACH: u64 = 24;
const SEED: u64 = 16;

#[test]
fn mutated_captures_show_their_whole_frames_and_say_where_they_break_off() {
    let (mut whole, mut broken, mut compressed) = (0, 0, 0);
    for path in fixtures() {
        let original = std::fs::read(&path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy();
        for number in 0..EACH {
            let Mutated { bytes, how, within } = mutate(&original, &name, SEED, number);
            let expected = walk(within.as_deref().unwrap_or(&bytes));
            match expected.end {
                End::Whole => whole += 1,
                End::Broken(_) => broken += 1,
                End::NoCapture | End::Unknown => {}
            }
            compressed += u64::from(within.is_some());
            let capture = bytes.into();
            for step in steps(number) {
                let taken = take(step, &capture, &expected);
                assert_eq!(taken, Ok(()), "{name} --seed {SEED} --number {number} {step:?} ({how})");
            }
        }
    }
    assert!(whole > 0 && broken > 0 && compressed > 0, "{whole} whole, {broken} broken, {compressed} compressed");
}

#[test]
fn a_row_too_few_and_another_end_are_told() {
    let bytes = std::fs::read("fixtures/practica6.pcap").unwrap();
    let capture: Arc<[u8]> = bytes.clone().into();
    for step in [Step::Packets, Step::Exchanges(2), Step::Summary, Step::Details { two_passes: false }] {
        let mut expected = walk(&bytes);
        assert_eq!(take(step, &capture, &expected), Ok(()));
        expected.frames.pop();
        assert!(take(step, &capture, &expected).unwrap_err().contains("whole frames"), "{step:?}");
        expected.end = End::Broken(7);
        assert!(take(step, &capture, &expected).unwrap_err().contains("Broken(7)"), "{step:?}");
    }
}

#[test]
fn the_same_seed_makes_the_same_mutation() {
    let original = std::fs::read("fixtures/node-lo.pcapng").unwrap();
    let mutated = |seed, number| mutate(&original, "node-lo.pcapng", seed, number).bytes;
    assert_eq!(mutated(1, 3), mutated(1, 3));
    assert!((0..10).any(|number| mutated(1, number) != mutated(2, number)));
}
