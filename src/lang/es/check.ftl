## Un informe que no se puede comprobar

check-directory = es una carpeta, no un informe
check-empty = está vacío
check-too-many-rows = más de { $limit } filas, así que difícilmente es un informe
check-too-long = más de { $limit } MiB, así que difícilmente es un informe
check-unknown = ni texto, ni imagen (PNG, JPEG, BMP, WebP), ni PDF; { $kind ->
    [word-processor] un documento de un procesador de textos hay que guardarlo antes como PDF
    [old-word] un documento de Word antiguo hay que guardarlo antes como PDF
   *[other] hay que guardar el informe como uno de ellos
}
check-no-rows = no contiene ninguna fila de una lista de paquetes
check-second-capture = { $name }: una segunda captura; los informes se comprueban con una sola
check-no-report = { $name }: una captura; ¿qué informe hay que comprobar con ella?
check-pictures-left-out = { $name }: se omiten sus imágenes: { $cause }
check-reading = leyendo { $name }
check-cannot-save = no se puede guardar { $name }
check-no-picture = --annotate marca filas en una imagen, y en el informe no hay ninguna
check-picture = no se puede leer la imagen: { $cause }
check-picture-too-large = la imagen mide { $width } × { $height } puntos: recortar la lista de paquetes
check-picture-too-many-lines = la imagen tiene más de { $limit } líneas de texto: cortarla en varias
check-no-tesseract = las imágenes las lee tesseract, que no está instalado: `{ $command }`
check-tesseract-run = no se puede ejecutar tesseract: { $cause }
check-tesseract-failed = tesseract falló: { $reason }
check-tesseract-stopped = se detuvo
check-tesseract-no-reason = sin decir por qué
check-pdf-encrypted = el PDF está cifrado: necesita una contraseña
check-pdf-damaged = el PDF está dañado: { $what ->
    [no-thread] no hubo hilo en el que leerlo
    [breaks-reader] hace fallar al lector
    [encryption] su cifrado no tiene sentido
   *[no-pages] no se encontraron páginas
}
check-pdf-too-large = el PDF es demasiado grande: más de { $limit } { $unit ->
    [bytes] bytes
    [bytes-of-text] bytes de texto
    [bytes-unpacked] bytes descomprimidos
    [pages] páginas
    [pictures] imágenes
    [pixels-in-a-picture] píxeles en una imagen
    [seconds] segundos de trabajo
   *[pixels] píxeles
}

## Veredictos

check-verdict = Veredicto
check-verdict-match = coincide
check-verdict-near = casi
check-verdict-differs = difiere
check-verdict-absent = ausente
check-verdict-unreadable = ilegible
check-count-match = { $count ->
    [one] { $count } coincide
   *[other] { $count } coinciden
}
check-count-near = { $count } casi
check-count-differs = { $count ->
    [one] { $count } difiere
   *[other] { $count } difieren
}
check-count-absent = { $count ->
    [one] { $count } ausente
   *[other] { $count } ausentes
}
check-count-unreadable = { $count ->
    [one] { $count } ilegible
   *[other] { $count } ilegibles
}
check-rows = { $count ->
    [one] { $count } fila
   *[other] { $count } filas
}
check-summary = { $rows }: { $counts }
check-summary-alone = { $rows }: { $fine ->
    [one] { $fine } coherente
   *[other] { $fine } coherentes
}, { $look } por revisar
check-reports = { $count } informes, { $summary }
check-row-from-top = { $place } desde arriba
check-row-named = fila { $row }
check-rows-named = filas { $rows }
check-rows-named-and-more = filas { $rows } y { $more } más

## Lo que hay que saber de una tabla

check-numbered-anew = las filas son las tramas { $first } a { $last } de la captura, numeradas de nuevo
check-numbered-own = las filas están numeradas de forma correlativa, pero corresponden a { $count } de las tramas { $first } a { $last }: entre ellas se omiten otras
check-other-origin = los tiempos distan { $seconds } s de los de la captura: se cuentan desde otra trama

## Lo que las filas dicen de sí mismas y unas de otras

check-length-fits = Length { $length } deja { $left } bytes de datos e Info dice Len={ $data }: coherente
check-length-room = Length { $length } deja sitio para { $data } bytes de datos e Info dice Len={ $data }: coherente
check-length-headers = Length { $length } es menos de lo que ocupan las cabeceras: con Len={ $data } sería { $whole }
check-length-leaves = Length { $length } deja { $left } bytes de datos, pero Info dice Len={ $data }
check-length-link = Length { $length } no concuerda con Len={ $data }: sería { $lengths }
check-no-address = { $text } no es una dirección IP
check-no-protocol = { $name } no es un protocolo de Wireshark; { $meant } sí
check-families = el origen es { $source } y el destino { $destination }
check-number-twice = dos filas llevan el número { $number }
check-number-before = No. { $number } está antes que No. { $other }
check-number-after = No. { $number } está después que No. { $other }
check-time-followed = a Time { $time } le sigue uno anterior, { $other }, en la fila { $row }
check-time-follows = Time { $time } sigue a uno posterior, { $other }, en la fila { $row }
check-sequence = Seq={ $seq } no es lo que sigue a la fila { $row } (Seq={ $then } Len={ $len } da { $next })
check-port-beyond = el puerto { $port } no existe: los puertos llegan hasta { $last }
check-port-beyond-asked = el puerto { $port } no existe: los puertos llegan hasta { $last }; la petición fue al puerto { $asked }
check-port-elsewhere = la petición fue al puerto { $asked }, la respuesta viene del { $port }
check-unasked = respuesta al puerto { $port }, pero arriba no hay ninguna petición desde ese puerto
check-lab-length = las { $what ->
    [requests] peticiones
   *[responses] respuestas
} de la práctica llevan { $usual } bytes, esta { $len }
check-lab-rhythm = { $seconds } s después de la petición anterior; las demás distan un segundo
check-lab-port-again = el puerto { $port } ya había preguntado, en la fila { $row }
check-lab-port-odd = el puerto { $port } no es de los que un sistema da a un cliente
