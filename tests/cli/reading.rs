//! Captures of every kind that can be read, and fields that Wireshark takes although they look wrong.

use crate::captures::{ETHERNET, NULL, Order, Pcap, Pcapng, RAW, joined, request, response, udp4, udp6};
use crate::harness::{can_filter, loopshark, loopshark_with_input};

/// The rows of the packets view.
#[track_caller]
fn rows(capture: &[u8]) -> Vec<String> {
    let ran = loopshark_with_input(["read", "-", "--view", "packets", "--all"], capture);
    assert_eq!((ran.status, ran.stderr.as_str()), (Some(0), ""), "{ran:?}");
    ran.stdout.lines().map(str::to_owned).collect()
}

const ROW: &str = "127.0.0.1 → 127.0.0.1    UDP 45 50000 → 8080 Len=17";

#[test]
fn both_byte_orders_and_both_clocks() {
    for order in [Order::Big, Order::Little] {
        for (magic, time) in [(0xa1b2_c3d4, "  1.000007   "), (0xa1b2_3c4d, "1.000000007   ")] {
            let capture = Pcap::with(order, magic, 65_535, RAW)
                .record([5, 0, 45, 45], &request(50_000))
                .record([6, 7, 45, 45], &request(50_000));
            assert_eq!(rows(&capture.bytes)[1], format!("    2 {time} {ROW}"));
        }
    }
}

#[test]
fn lengths_and_fractions_that_look_wrong_are_read_as_wireshark_reads_them() {
    let packet = request(50_000);
    let first =
        |snaplen, header| rows(&Pcap::with(Order::Little, 0xa1b2_c3d4, snaplen, RAW).record(header, &packet).bytes);
    assert_eq!(first(0, [0, 0, 45, 45]), [format!("    1   0.000000    {ROW}")]);
    assert_eq!(first(20, [0, 0, 45, 45]), [format!("    1   0.000000    {ROW}")]);
    // More captured than there was: dissected all the same.
    assert_eq!(first(0, [0, 0, 45, 44])[0], format!("    1   0.000000    {}", ROW.replace("UDP 45", "UDP 44")));
    // Less captured than there was, as with a snaplen: Length is the wire's, Len the header's. It takes twelve bytes of
    // the payload to tell that it is no DNS message.
    let cut = Pcap::new(RAW).record([0, 0, 40, 45], &packet[..40]);
    assert_eq!(rows(&cut.bytes), [format!("    1   0.000000    {ROW}")]);
    let late = Pcap::new(RAW).frame(0, &packet).record([0, 2_500_000, 45, 45], &packet);
    assert_eq!(rows(&late.bytes)[1], format!("    2   2.500000    {ROW}"));
}

#[test]
fn fcs_bits_in_the_link_type_are_no_part_of_it() {
    let capture = Pcap::new(0x1400_0000 | RAW).frame(0, &request(50_000));
    assert_eq!(rows(&capture.bytes), [format!("    1   0.000000    {ROW}")]);
}

#[test]
fn null_and_loop_have_every_system_s_number_for_ipv6_and_null_either_byte_order() {
    let v4 = request(50_000);
    let v6 = udp6(50_000, 8080, b"Mando paquete UDP");
    for order in [Order::Big, Order::Little] {
        let capture = Pcap::new(NULL).frame(0, &joined(&[&order.u32(2), &v4]));
        assert_eq!(rows(&capture.bytes), [format!("    1   0.000000    {}", ROW.replace("45", "49"))]);
        // Linux, Windows, BSD and macOS.
        for family in [10, 23, 24, 28, 30] {
            let capture = Pcap::new(NULL).frame(0, &joined(&[&order.u32(family), &v6]));
            let row = "    1   0.000000          ::1 → ::1          UDP 69 50000 → 8080 Len=17";
            assert_eq!(rows(&capture.bytes), [row], "family {family}");
        }
    }
    for family in [10, 23, 30] {
        let looped = Pcap::new(108).frame(0, &joined(&[&Order::Big.u32(family), &v6]));
        assert!(rows(&looped.bytes)[0].contains("::1 → ::1          UDP 69"), "family {family}");
    }
}

#[test]
fn ethernet_with_and_without_vlan_tags() {
    let macs = [0; 12];
    let plain = joined(&[&macs, &[8, 0], &request(50_000)]);
    let tagged = joined(&[&macs, &[0x81, 0, 0, 5, 8, 0], &request(50_000)]);
    let twice = joined(&[&macs, &[0x91, 0, 0, 5, 0x81, 0, 0, 6, 8, 0], &request(50_000)]);
    for (frame, length) in [(plain, "59"), (tagged, "63"), (twice, "67")] {
        let row = rows(&Pcap::new(ETHERNET).frame(0, &frame).bytes);
        assert_eq!(row, [format!("    1   0.000000    {}", ROW.replace("UDP 45", &format!("UDP {length}")))]);
    }
}

#[test]
fn raw_ip_has_five_numbers() {
    for link_type in [12, 14, 101, 228] {
        assert_eq!(
            rows(&Pcap::new(link_type).frame(0, &request(50_000)).bytes),
            [format!("    1   0.000000    {ROW}")]
        );
    }
    let v6 = udp6(50_000, 8080, b"Mando paquete UDP");
    assert!(rows(&Pcap::new(229).frame(0, &v6).bytes)[0].contains("::1 → ::1          UDP 65"));
}

#[test]
fn cooked_captures_of_both_versions() {
    let sll = joined(&[&[0, 0, 3, 4, 0, 6], &[0; 8], &[8, 0], &request(50_000)]);
    let sll2 = joined(&[&[8, 0, 0, 0, 0, 0, 0, 1, 3, 4, 0, 6], &[0; 8], &request(50_000)]);
    let tagged = joined(&[&[0, 0, 3, 4, 0, 6], &[0; 8], &[0x81, 0, 0, 5, 8, 0], &request(50_000)]);
    for (link_type, frame, length) in [(113, sll, "61"), (113, tagged, "65"), (276, sll2, "65")] {
        let row = rows(&Pcap::new(link_type).frame(0, &frame).bytes);
        assert_eq!(row, [format!("    1   0.000000    {}", ROW.replace("UDP 45", &format!("UDP {length}")))]);
    }
}

#[test]
fn any_other_link_type_is_shown_as_unknown_and_named_once() {
    for (link_type, name, row) in [(60_000, "Unknown", "UNKNOWN 24 WTAP_ENCAP = 0\n"), (105, "IEEE802_11", " 24 \n")] {
        let capture = Pcap::new(link_type).frame(0, &[0; 24]).frame(1, &[0; 24]);
        let ran = loopshark_with_input(["read", "--view", "packets", "--all", "-"], &capture.bytes);
        assert_eq!(ran.status, Some(0));
        assert!(ran.stdout.ends_with(row), "{ran:?}");
        let named = format!("frames of link type {link_type} ({name}) can't be read");
        assert_eq!(ran.stderr.matches(&named).count(), 1, "{ran:?}");
    }
}

#[test]
fn pcapng_sections_interfaces_clocks_and_blocks() {
    let packet = request(50_000);
    let framed = joined(&[&[0; 12], &[8, 0], &packet]);
    let capture = Pcapng::new(Order::Big)
        .block(0x0bad_cafe, b"unknown")
        .interface(101, 0, &[])
        .interface(1, 0, &[(9, &[9]), (14, &1_i64.to_be_bytes())])
        .frame(0, 1_000_000, &packet)
        .block(5, &[0; 12])
        .frame(1, 500_000_000, &framed)
        .obsolete(0, 1_750_000, &packet)
        .section(Order::Little)
        .interface(101, 40, &[(9, &[0x8a])])
        .frame(0, 2048, &packet)
        .simple(45, &packet[..40]);
    let rows = rows(&capture.bytes);
    assert_eq!(rows[0], format!("    1   0.000000    {ROW}"));
    assert_eq!(rows[1], format!("    2 0.500000000    {}", ROW.replace("UDP 45", "UDP 59")));
    assert_eq!(rows[2], format!("    3   0.750000    {ROW}"));
    assert_eq!(rows[3], format!("    4      1.000    {ROW}"));
    assert!(rows[4].ends_with(ROW), "{}", rows[4]);
    assert_eq!(rows.len(), 5);
}

#[test]
fn pcapng_blocks_without_a_frame_have_the_numbers_that_wireshark_gives_them() {
    let packet = request(50_000);
    let enterprise = Order::Big.u32(32_473);
    let call = joined(&[&[0; 2], &[0; 4], &Order::Big.u32(500_000_000), &[0; 8], &Order::Big.u32(7), &[0; 2]]);
    let capture = Pcapng::new(Order::Big)
        .interface(101, 0, &[])
        .block(0x0bad, &joined(&[&enterprise, &[1; 8]]))
        .frame(0, 1_000_000, &packet)
        .block(9, b"MESSAGE=hello\n__REALTIME_TIMESTAMP=1500000\n")
        .block(9, b"MESSAGE=hello\n")
        .block(0x204, &call)
        .block(0x4000_0bad, &enterprise);
    let named = "Custom Block: PEN = Example Enterprise Number for Documentation Use (32473)";
    assert_eq!(
        rows(&capture.bytes),
        [
            format!("    1                         →              PCAPNG 8 {named}, will be copied"),
            format!("    2   1.000000    {ROW}"),
            "    3   1.500000              →               43 ".to_owned(),
            "    4                         →               14 ".to_owned(),
            "    5 0.500000000              →               7 ".to_owned(),
            format!("    6                         →              PCAPNG 0 {named}, will not be copied"),
        ]
    );
    for (kind, len) in [(0x0bad, 0), (0x204, 20)] {
        let ran = loopshark_with_input(["read", "-"], &Pcapng::new(Order::Big).block(kind, &vec![0; len]).bytes);
        assert!(ran.stderr.contains("damaged at byte 28"), "{ran:?}");
    }
}

#[test]
fn a_file_and_a_pipe_read_alike() {
    for fixture in ["fixtures/practica6.pcap", "fixtures/node-lo.pcapng"] {
        let file = loopshark(["read", fixture]);
        let pipe = loopshark_with_input(["read", "-"], &std::fs::read(fixture).unwrap());
        assert_eq!((file.status, file.stdout), (pipe.status, pipe.stdout));
    }
}

#[test]
fn noise_is_left_out_and_counted_and_numbers_stay() {
    let mdns = udp4(5353, 5353, &[0; 12]);
    let capture = Pcap::new(RAW).frame(0, &mdns).frame(1, &request(50_000));
    let ran = loopshark_with_input(["read", "-", "--view", "packets"], &capture.bytes);
    assert_eq!(ran.stdout, format!("    2   0.000001    {ROW}\n"));
    assert_eq!(ran.stderr, "loopshark: hidden: 1 noise (1 MDNS)\n");
    assert_eq!(rows(&capture.bytes).len(), 2);
    // Never the service's own port.
    let ran = loopshark_with_input(["read", "-", "--view", "packets", "--port", "5353"], &capture.bytes);
    assert_eq!(ran.stdout.lines().count(), 2);
}

#[test]
fn count_stops_reading() {
    let ran = loopshark(["read", "fixtures/practica6.pcap", "--view", "packets", "-c", "3"]);
    assert_eq!((ran.status, ran.stdout.lines().count()), (Some(0), 3));
}

#[test]
fn a_filtered_row_is_the_row_it_is_without_the_filter() {
    if !can_filter() {
        return;
    }
    let packets = ["read", "fixtures/practica6.pcap", "--view", "packets", "--all"];
    let whole = loopshark(packets).stdout;
    for (filter, word) in [("udp port 63337", "63337"), ("tcp src port 17532", "17532 → ")] {
        let some = loopshark(packets.into_iter().chain(["-f", filter])).stdout;
        let rows = |text: &str| text.lines().filter(|row| row.contains(word)).map(str::to_owned).collect::<Vec<_>>();
        assert!(some.lines().count() > 1);
        assert_eq!(some.lines().collect::<Vec<_>>(), rows(&whole));
    }
    // libpcap's number for raw IP is not the file's.
    for link_type in [12, 14, 101, 228] {
        let capture = Pcap::new(link_type).frame(0, &request(50_000)).frame(1, &request(50_001));
        let ran = loopshark_with_input(["read", "-", "-f", "udp src port 50001", "--view", "packets"], &capture.bytes);
        assert_eq!((ran.status, ran.stdout.lines().count()), (Some(0), 1), "link type {link_type}: {ran:?}");
    }
}

#[test]
fn a_pipe_is_shown_as_it_fills() {
    use std::io::Write as _;
    let mut running = crate::harness::start(crate::harness::program().args(["read", "-", "--view", "packets"]));
    let mut pipe = running.child.stdin.take().unwrap();
    pipe.write_all(&Pcap::new(RAW).frame(0, &request(50_000)).bytes).unwrap();
    assert_eq!(running.stdout.next(), format!("    1   0.000000    {ROW}"));
    drop(pipe);
    assert_eq!(running.status(), Some(0));
}

#[test]
fn the_time_column_has_tshark_s_formats() {
    let capture = Pcap::new(RAW).frame(1_500_000, &request(50_000)).frame(3_750_000, &response(50_000));
    let times = |format| -> Vec<String> {
        let ran = loopshark_with_input(["read", "-", "--view", "packets", "-t", format], &capture.bytes);
        ran.stdout.lines().map(|row| row[6..].split(" 127").next().unwrap().trim().to_owned()).collect()
    };
    assert_eq!(times("r"), ["0.000000", "2.250000"]);
    assert_eq!(times("d"), ["0.000000", "2.250000"]);
    assert_eq!(times("e"), ["1.500000", "3.750000"]);
    assert_eq!(times("u"), ["00:00:01.500000", "00:00:03.750000"]);
    assert_eq!(times("ad"), ["1970-01-01 00:00:01.500000", "1970-01-01 00:00:03.750000"]);
}

#[test]
fn the_fixture_of_the_report_is_what_its_generator_makes() {
    assert!(std::fs::read("fixtures/practica6.pcap").unwrap() == generator::practica6());
}

#[path = "../generate/practica6.rs"]
mod generator;
