## Capturas guardadas que no se pueden leer, o no hasta el final

files-standard-input = entrada estándar
files-directory = es una carpeta; hay que nombrar un archivo de captura que esté en ella
files-empty = está vacío, no es una captura; ¿se detuvo la captura antes de que se escribiera su primer paquete?
files-not-a-capture = no es una captura (ni pcap ni pcapng): empieza con { $begins }
files-begins-text = el texto `{ $text }`
files-begins-bytes = los bytes { $bytes }
files-gzip = es gzip: `gunzip -c ARCHIVO | loopshark read -`
files-zstd = es Zstandard: `zstd -dc ARCHIVO | loopshark read -`
files-lz4 = es LZ4: `lz4 -dc ARCHIVO | loopshark read -`
files-cut = se corta en el byte { $offset }: { $what ->
    [file-header] la cabecera de una captura
    [record-header] la cabecera de un registro
    [record] el registro que hay ahí
    [block-header] la cabecera de un bloque
   *[block] el bloque que hay ahí
} necesita { $need } bytes y quedan { $have }
files-damaged = dañado en el byte { $offset }: { $what }; lo que sigue no se puede leer
files-read = falló la lectura en el byte { $offset }: { $cause }
files-oversized = el { $what ->
    [record] registro
   *[packet-block] bloque de paquete
} que hay ahí declara { $len } bytes, más de los { $limit } que puede tener una trama
files-long-block = el bloque que hay ahí declara { $len } bytes, más de 16 MiB
files-short-block = { $what ->
    [interface] una descripción de interfaz
    [packet] un bloque de paquete
    [simple-packet] un bloque de paquete simple
    [custom] un bloque personalizado
   *[system-call] una llamada al sistema
} de menos de { $least } bytes
files-many-interfaces = más de { $limit } interfaces
files-no-interface = un paquete de la interfaz { $id }, cuando hay { $count } descritas
files-packet-in-block = un paquete de { $len } bytes en un bloque de { $room }
files-unread-link = las tramas del tipo de enlace { $number } ({ $name }) no se pueden leer: solo las de Ethernet, NULL, LOOP, raw IP y Linux cooked

## Al escribir una

files-save = no se puede escribir la captura: { $cause }
files-save-terminal = la salida estándar es una terminal; hay que dirigirla a un programa o nombrar un archivo
