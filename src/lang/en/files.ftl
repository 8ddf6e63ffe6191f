## Saved captures that can't be read, or not to their end

files-standard-input = standard input
files-directory = is a directory; name a capture file in it
files-empty = is empty, not a capture; was the capture stopped before its first packet was written?
files-not-a-capture = is not a capture (neither pcap nor pcapng): it begins with { $begins }
files-begins-text = the text `{ $text }`
files-begins-bytes = the bytes { $bytes }
files-gzip = it is gzip: `gunzip -c FILE | loopshark read -`
files-zstd = it is Zstandard: `zstd -dc FILE | loopshark read -`
files-lz4 = it is LZ4: `lz4 -dc FILE | loopshark read -`
files-cut = cut short at byte { $offset }: { $what ->
    [file-header] a capture's header
    [record-header] a record's header
    [record] the record there
    [block-header] a block's header
   *[block] the block there
} needs { $need } bytes, { $have } are left
files-damaged = damaged at byte { $offset }: { $what }; what follows can't be read
files-read = reading failed at byte { $offset }: { $cause }
files-oversized = the { $what ->
    [record] record
   *[packet-block] packet block
} there claims { $len } bytes, more than the { $limit } that a frame can have
files-long-block = the block there claims { $len } bytes, over 16 MiB
files-short-block = { $what ->
    [interface] an interface description
    [packet] a packet block
    [simple-packet] a simple packet block
    [custom] a custom block
   *[system-call] a system call
} of under { $least } bytes
files-many-interfaces = more than { $limit } interfaces
files-no-interface = a packet of interface { $id }, where { $count } are described
files-packet-in-block = a packet of { $len } bytes in a block of { $room }
files-unread-link = frames of link type { $number } ({ $name }) can't be read: only Ethernet, NULL, LOOP, raw IP and Linux cooked captures can

## Writing one

files-save = can't write the capture: { $cause }
files-save-terminal = standard output is a terminal; pipe it or name a file
