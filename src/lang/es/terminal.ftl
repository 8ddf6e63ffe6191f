## Mientras se lee una captura o un informe, y el paginador

terminal-reading = { $name }: { $percent } %, { $at } de { $len }, { $frames } tramas, { $rate } por segundo, quedan { $left }
terminal-reading-pipe = { $name }: { $frames } tramas, { $rate } por segundo
terminal-no-pager = no se puede iniciar el paginador `{ $command }`: { $cause }
