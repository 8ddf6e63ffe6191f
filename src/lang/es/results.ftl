## Bajo los intercambios y junto al resumen

results-exchanges = { $count ->
    [one] { $count } intercambio
   *[other] { $count } intercambios
}
results-answered = { $count ->
    [one] { $count } respondido
   *[other] { $count } respondidos
}
results-lost = { $count ->
    [one] { $count } perdido
   *[other] { $count } perdidos
}
results-refused = { $count ->
    [one] { $count } rechazado
   *[other] { $count } rechazados
}
results-late = { $count ->
    [one] { $count } tardío
   *[other] { $count } tardíos
} (más de { $seconds } s)
results-duplicate = { $count ->
    [one] { $count } duplicado
   *[other] { $count } duplicados
}
results-unsolicited = { $count ->
    [one] { $count } no solicitado
   *[other] { $count } no solicitados
}
results-reordered = { $count ->
    [one] { $count } desordenado
   *[other] { $count } desordenados
}
results-response-time = tiempo de respuesta: mín. { $min }, media { $mean }, máx. { $max }
results-hidden = oculto: { $what }
results-backwards = { $count ->
    [one] { $count } de los perdidos vino
   *[other] { $count } de los perdidos vinieron
} de { $service }, a quien otros preguntan: si la captura empieza a la mitad, `--port { $port }` dice que { $port } es el del servicio
results-dropped = { $count ->
    [one] el núcleo descartó { $count } trama
   *[other] el núcleo descartó { $count } tramas
}
results-dropped-and-lost = { $dropped }: lo que figura como perdido quizá solo no se capturó
results-client-says = el cliente envió { $sent } y recibió { $answered } respuestas; la captura muestra { $requests } peticiones y { $shown } respondidas a tiempo
