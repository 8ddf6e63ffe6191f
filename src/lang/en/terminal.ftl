## While a capture or a report is read, and the pager

terminal-reading = { $name }: { $percent } %, { $at } of { $len }, { $frames } frames, { $rate } a second, { $left } left
terminal-reading-pipe = { $name }: { $frames } frames, { $rate } a second
terminal-no-pager = can't start the pager `{ $command }`: { $cause }
