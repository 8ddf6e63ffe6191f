## Capturas guardadas que no se pueden leer, o no hasta el final

files-standard-input = entrada estándar
files-standard-output = salida estándar
files-directory = es una carpeta; hay que nombrar un archivo de captura que esté en ella
files-empty = está vacío, no es una captura; ¿se detuvo la captura antes de que se escribiera su primer paquete?
files-not-a-capture = no es una captura (ni pcap ni pcapng): empieza con { $begins }
files-begins-text = el texto `{ $text }`
files-begins-bytes = los bytes { $bytes }
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
files-as-user = { $error }; los archivos se crean como { $user }: elegir una carpeta en la que { $user } pueda escribir o seguir siendo root con `--user root`
files-save-lost = no se puede escribir la captura: { $cause }: { $saved ->
    [one] contiene { $saved } trama
   *[other] contiene { $saved } tramas
}, { $lost ->
    [one] falta { $lost }
   *[other] faltan { $lost }
}
files-save-terminal = la salida estándar es una terminal; hay que dirigirla a un programa o nombrar un archivo

## Lo comprimido

files-within = { $offset } de lo que sale al descomprimir el archivo { $compression }
files-unread = es { $kind }: `{ $command } ARCHIVO | loopshark read -`
files-no-capture = no contiene una captura (ni pcap ni pcapng): el archivo { $compression } se descomprime en menos que la cabecera de una captura
files-no-capture-but = no contiene una captura (ni pcap ni pcapng): el archivo { $compression } se descomprime en algo que empieza con { $begins }
files-compressed-cut = se corta en el byte { $offset } del archivo { $compression }, que sigue detrás
files-compressed-damaged = dañado en el byte { $offset } del archivo { $compression }: { $what }; lo que sigue no se puede leer
files-window = pide una ventana de { $wanted } MiB, más de los { $most } que se guardan
files-checksum = la suma de comprobación no coincide
files-stalled = no continúa
files-no-part = lo que hay ahí no es otra parte suya

## Varias capturas, las que se escriben, y comentarios

files-stdin-once = `-` es la entrada estándar, que solo puede leerse una vez
files-comment-stdin = --comment lee la captura dos veces, y la entrada estándar no puede: guardarla antes en un archivo
files-onto-itself = { $name }: se está leyendo, así que no puede escribirse a la vez; hay que nombrar otro archivo tras -w
files-second-link-type = la trama { $number } tiene el tipo de enlace { $second }, y un archivo pcap solo tiene uno, aquí { $first }: hay que nombrar un archivo .pcapng
files-finer-time = la trama { $number } tiene nanosegundos, que no caben en un archivo pcap empezado con microsegundos: hay que nombrar un archivo .pcapng
files-no-comments = solo pcapng guarda comentarios: hay que nombrar un archivo .pcapng
files-compressed-out = no se escriben capturas comprimidas: hay que nombrar un archivo .pcap o .pcapng, o comprimir lo que sale de `-w -`

files-comment-of-capture = comentario de la captura: { $text }
files-comment-of-frame = comentario de la trama { $number }: { $text }
files-more-comments = { $count ->
    [one] y { $count } comentario más
   *[other] y { $count } comentarios más
}

files-answered = petición { $number }, respondida por { $by } en { $time } ms
files-late = petición { $number }, respondida tarde por { $by }, tras { $time } ms
files-unanswered = petición { $number }, sin respuesta en { $seconds } s
files-refused = petición { $number }, rechazada por { $by }: { $reason }
files-response = respuesta a { $to } tras { $time } ms
files-late-response = respuesta tardía a { $to }, tras { $time } ms
files-refusal = dice que la petición { $to } fue rechazada
files-copy = otra copia de una petición anterior
files-further = una respuesta de más, u otra copia de una
files-unsolicited = una respuesta que nadie pidió
