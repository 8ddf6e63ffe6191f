//! What a capture can make grow, driven over its cap: what is left out, and that the rest is shown.

use std::io::Write as _;

use crate::captures::{ETHERNET, NULL, Order, Pcap, Pcapng, RAW, request, response, udp4, udp4_between};
use crate::harness::{Ran, loopshark_with_input};

/// The longest frame that is read, and the longest block.
const FRAME: usize = 262_144;
const BLOCK: usize = 16 << 20;

fn packets(capture: &[u8]) -> Ran {
    loopshark_with_input(["read", "-", "--view", "packets", "--all"], capture)
}

fn details(capture: &[u8]) -> Ran {
    loopshark_with_input(["read", "-", "-V", "-x", "--explain"], capture)
}

/// The lines of a view that has a row a frame.
fn rows(ran: &Ran) -> Vec<&str> {
    assert_eq!((ran.status, ran.stderr.as_str()), (Some(0), ""));
    ran.stdout.lines().collect()
}

#[test]
fn the_longest_frame_is_read_and_a_longer_one_is_damage() {
    let whole = |len: usize| Pcap::new(RAW).frame(0, &request(50_000)).frame(1, &vec![0x45; len]).bytes;
    assert_eq!(rows(&packets(&whole(FRAME))).len(), 2);
    packets(&whole(FRAME + 1)).fails_with(&["damaged at byte 85", "claims 262145 bytes"]);
    let whole = |len: usize| Pcapng::new(Order::Big).interface(101, 0, &[]).frame(0, 1, &vec![0x45; len]).bytes;
    assert_eq!(rows(&packets(&whole(FRAME))).len(), 1);
    packets(&whole(FRAME + 4)).fails_with(&["damaged at byte 48", "claims 262148 bytes"]);
}

#[test]
fn the_longest_block_is_passed_over_and_a_longer_one_is_damage() {
    let with = |len: usize| {
        let capture = Pcapng::new(Order::Little).interface(101, 0, &[]).block(0x0bbb, &vec![0; len - 12]);
        packets(&capture.frame(0, 1, &request(50_000)).bytes)
    };
    assert_eq!(rows(&with(BLOCK)).len(), 1);
    with(BLOCK + 4).fails_with(&["damaged at byte 48", "over 16 MiB"]);
}

#[test]
fn so_many_interfaces_are_read_and_one_more_is_damage() {
    let with = |count: u32| {
        let capture = (0..count).fold(Pcapng::new(Order::Little), |capture, _| capture.interface(101, 0, &[]));
        packets(&capture.frame(count - 1, 1, &request(50_000)).bytes)
    };
    assert_eq!(rows(&with(65_536)).len(), 1);
    with(65_537).fails_with(&["more than", "interfaces"]);
}

#[test]
fn link_types_that_are_not_read_are_named_up_to_eight() {
    let capture = (0..20).fold(Pcapng::new(Order::Little), |capture, n| capture.interface(147 + n, 0, &[]));
    let ran = packets(&(0..20).fold(capture, |capture, n| capture.frame(n, 1, b"bytes")).bytes);
    assert_eq!((ran.status, ran.stdout.lines().count(), ran.stderr.lines().count()), (Some(0), 20, 8));
}

#[test]
fn of_a_long_comment_the_beginning_is_shown() {
    let body = [0, 0, 0, 0, 0].into_iter().flat_map(|word: u32| Order::Big.u32(word));
    let comment = [&[0, 1, 0xea, 0x60][..], &vec![b'x'; 60_000]].concat();
    let capture = Pcapng::new(Order::Big).interface(101, 0, &[]);
    let ran = packets(&capture.block(6, &body.chain(comment).collect::<Vec<_>>()).bytes);
    assert!(ran.stderr.contains(&format!("comment of frame 1: {}…\n", "x".repeat(1_000))), "{}", ran.stderr);
}

#[test]
fn headers_inside_each_other_are_read_as_deep_as_is_sane() {
    let ethernet = |inner: &[u8]| [&[0; 12][..], inner].concat();
    let tags = ethernet(&[[0x81, 0, 0, 7].repeat(10_000), vec![0x08, 0]].concat());
    // IPv4 in IPv4, each header as long as what it holds.
    let header = |len: usize| {
        let [high, low] = u16::try_from(len).unwrap().to_be_bytes();
        [0x45, 0, high, low, 0, 0, 0x40, 0, 64, 4, 0, 0, 127, 0, 0, 1, 127, 0, 0, 1]
    };
    let tunnels: Vec<u8> = (1..=3_000).rev().flat_map(|n| header(20 * n)).collect();
    // Hop-by-hop options behind hop-by-hop options.
    let options = [&[0x60, 0, 0, 0, 0xff, 0xf8, 0, 64][..], &[0; 32], &[0, 0, 1, 4, 0, 0, 0, 0].repeat(8_191)].concat();
    for (link_type, frame) in [(ETHERNET, tags), (RAW, tunnels), (RAW, options)] {
        let capture = Pcap::new(link_type).frame(0, &frame).bytes;
        assert_eq!(rows(&packets(&capture)).len(), 1);
        let ran = details(&capture);
        // An option of eight bytes has a dozen lines.
        assert!(ran.status == Some(0) && ran.stdout.lines().count() < 2 * frame.len(), "{}", ran.stderr);
    }
}

/// A DNS message with an answer of a long name, and so many more that point at it.
fn expanding(answers: u16) -> Vec<u8> {
    let mut message = vec![0, 7, 0x84, 0, 0, 0];
    message.extend((answers + 1).to_be_bytes());
    message.extend([0; 4]);
    message.extend([&[63][..], &[b'n'; 63], &[63], &[b'm'; 63], &[63], &[b'o'; 63], &[0]].concat());
    message.extend([0, 1, 0, 1, 0, 0, 0, 0, 0, 0]);
    // A canonical name: a pointer to the long one, and it again as data.
    message.extend([0xc0, 12, 0, 5, 0, 1, 0, 0, 0, 0, 0, 2, 0xc0, 12].repeat(usize::from(answers)));
    message
}

#[test]
fn a_small_message_does_not_make_a_row_or_details_without_end() {
    let message = expanding(4_600);
    let frame = udp4(53, 50_000, &message);
    let capture = Pcap::new(RAW).frame(0, &frame).bytes;
    let ran = packets(&capture);
    let [row] = rows(&ran)[..] else { panic!("{ran:?}") };
    assert!(row.len() < 4_200, "{}", row.len());
    let details = details(&capture);
    let names = details.stdout.lines().filter(|line| line.contains("Name: nnn")).count();
    assert_eq!(names, 4_096, "as many records as are shown of one message");
}

#[test]
fn the_services_that_are_told_apart_are_capped_and_the_others_are_counted() {
    let capture = (0..1_100_u32).fold(Pcap::new(RAW), |capture, n| {
        let [.., high, low] = n.to_be_bytes();
        capture.frame(n, &udp4_between(([127, 0, 0, 1], 50_000), ([10, 0, high, low], 8080), 0, b"x"))
    });
    let ran = loopshark_with_input(["read", "-", "--view", "summary", "-T", "jsonl"], &capture.bytes);
    assert_eq!((ran.status, ran.stdout.lines().count()), (Some(0), 1_024));
    assert_eq!(ran.stderr, "loopshark: hidden: 76 UDP\n");
}

/// A section with an interface, and a block of a mebibyte of zeros, which is no frame.
pub fn beginning_and_filling() -> (Vec<u8>, Vec<u8>) {
    let beginning = Pcapng::new(Order::Little).interface(101, 0, &[]).bytes;
    let mut both = Pcapng::new(Order::Little).interface(101, 0, &[]).block(0x0bbb, &vec![0; (1 << 20) - 12]).bytes;
    let filling = both.split_off(beginning.len());
    (beginning, filling)
}

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(bytes).unwrap();
    gzip.finish().unwrap()
}

#[test]
fn a_stream_without_frames_rests_now_and_then_so_that_it_can_be_stopped() {
    use loopshark::source::{Event, Source as _, file::CaptureFile};
    let ends = |bytes: Vec<u8>| {
        let mut file = CaptureFile::from_reader(Box::new(std::io::Cursor::new(bytes)), "test").unwrap();
        let (mut rests, mut frames) = (0, 0);
        loop {
            match file.next_event().unwrap() {
                Event::Idle => rests += 1,
                Event::Frame(_) => frames += 1,
                Event::End => return (rests, frames),
            }
        }
    };
    let (beginning, filling) = beginning_and_filling();
    let end = Pcapng::new(Order::Little).interface(101, 0, &[]).frame(0, 1, b"bytes").bytes;
    assert_eq!(ends([beginning, filling.repeat(12), end].concat()), (2, 1));
    let empty = gzip(b"");
    // Before the header, in the middle of a frame, and behind all.
    let capture = Pcap::new(NULL).frame(0, b"somebody").bytes;
    let (before, behind) = capture.split_at(45);
    let empty = empty.repeat(5_000);
    let (rests, frames) = ends([&empty[..], &gzip(before), &empty, &gzip(behind), &empty].concat());
    assert!(frames == 1 && (6..12).contains(&rests), "{rests} rests, {frames} frames");
}

#[test]
fn a_table_of_more_rows_than_a_report_has_is_refused() {
    let rows = (1..=100_001).map(|n| format!("{n} 0.000000 127.0.0.1 127.0.0.1 UDP 49 63337 → 8080 Len=17\n"));
    let report: String = rows.collect();
    let ran = loopshark_with_input(["check", "-"], report.as_bytes());
    ran.fails_with(&["more than", "rows"]);
}

#[test]
fn a_report_that_is_too_long_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("long.txt");
    std::fs::File::create(&path).unwrap().set_len((256 << 20) + 1).unwrap();
    crate::harness::loopshark(["check".as_ref(), path.as_os_str()]).fails_with(&["long.txt", "longer than 256 MiB"]);
}

#[test]
fn comments_on_exchanges_come_through_a_stretch_without_frames() {
    let dir = tempfile::tempdir().unwrap();
    let [input, output] = ["in.pcapng", "out.pcapng"].map(|name| dir.path().join(name));
    let capture = Pcapng::new(Order::Little).interface(101, 0, &[]).frame(0, 0, &request(50_000));
    let capture = (0..5).fold(capture, |capture, _| capture.block(0x0bbb, &vec![0; 1 << 20]));
    std::fs::write(&input, capture.frame(0, 1_000, &response(50_000)).bytes).unwrap();
    let args = ["read".as_ref(), input.as_os_str(), "-w".as_ref(), output.as_os_str(), "--comment".as_ref()];
    assert_eq!(crate::harness::loopshark(args).status, Some(0));
    let shown = crate::harness::loopshark(["read".as_ref(), output.as_os_str()]).stderr;
    assert!(shown.contains("comment of frame 1: request 1, answered by 2 in 1.000 ms"), "{shown}");
}

#[test]
fn a_picture_of_more_lines_than_are_read_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("long.png");
    // Lines of a dozen points, eight apart: strokes in place of letters.
    let picture =
        image::GrayImage::from_fn(200, 20 * 410, |x, y| image::Luma([if y % 20 < 12 && x % 8 < 4 { 0 } else { 255 }]));
    picture.save(&path).unwrap();
    crate::harness::loopshark(["check".as_ref(), path.as_os_str()]).fails_with(&["long.png", "more than 400 lines"]);
}

#[test]
fn a_report_has_the_busiest_services_and_counts_the_others() {
    let dir = tempfile::tempdir().unwrap();
    let [input, output] = ["in.pcap", "out.md"].map(|name| dir.path().join(name));
    let asked = |capture: Pcap, n: u32| capture.frame(n, &udp4(50_000, 8_000 + u16::try_from(n).unwrap(), b"x"));
    std::fs::write(&input, (0..25).fold(Pcap::new(RAW), asked).bytes).unwrap();
    let args =
        ["report".as_ref(), input.as_os_str(), "-o".as_ref(), output.as_os_str(), "--lang".as_ref(), "en".as_ref()];
    assert_eq!(crate::harness::loopshark(args).status, Some(0));
    let report = std::fs::read_to_string(output).unwrap();
    assert!(report.contains("5 more services, with fewer requests, are not shown."), "{report}");
}

#[test]
fn a_name_service_response_of_thousands_of_addresses_is_one_row() {
    let mut message = vec![0, 7, 0x85, 0, 0, 0, 0x0e, 0x10, 0, 0, 0, 0];
    // Type, class, time to live, length, flags, an address; behind the name, and then behind pointers to that.
    let answer = [0, 32, 0, 1, 0, 0, 0, 0, 0, 6, 0, 0, 127, 0, 0, 1];
    message.extend([&[32][..], b"CKAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", &[0], &answer].concat());
    message.extend([&[0xc0, 12][..], &answer].concat().repeat(3_599));
    let capture = Pcap::new(RAW).frame(0, &udp4(137, 137, &message)).bytes;
    let ran = packets(&capture);
    let [row] = rows(&ran)[..] else { panic!("{ran:?}") };
    assert!(row.contains("NB 127.0.0.1") && row.len() < 4_200, "{row}");
}
