## Bajo los intercambios y junto al resumen

results-exchanges = { $count ->
    [one] { $count } intercambio
   *[other] { $count } intercambios
}
results-footer = { $exchanges }: { $counts }
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
    [one] { $count } llegó tarde
   *[other] { $count } llegaron tarde
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
results-given-up = { $count ->
    [one] de los perdidos, { $count } se dejó de esperar antes de tiempo porque esperaba demasiado: quizá tuvo respuesta
   *[other] de los perdidos, { $count } se dejaron de esperar antes de tiempo porque esperaba demasiado: quizá tuvieron respuesta
}
results-set-back = un tiempo de respuesta es menor que cero: entretanto se atrasó el reloj de la captura
results-dropped = { $count ->
    [one] el núcleo descartó { $count } trama
   *[other] el núcleo descartó { $count } tramas
}
results-dropped-and-lost = { $dropped }: lo que figura como perdido quizá solo no se capturó
results-client-says = el cliente envió { $sent } y recibió { $answered } respuestas; la captura muestra { $requests } peticiones y { $shown } respondidas a tiempo
results-noise = { $count } de ruido ({ $names })

## Junto a una fila: solo ASCII, porque la tabla cuenta bytes

results-fate-late = tarde
results-fate-lost = perdido
results-fate-refused = rechazado
results-fate-duplicate = duplicado
results-fate-unsolicited = no solicitado

## Las cifras de un resumen

results-figure-requests = peticiones
results-figure-answered = respondidas
results-figure-lost = perdidas
results-figure-refused = rechazadas
results-figure-late = tarde
results-figure-duplicate = duplicados
results-figure-unsolicited = no solicitadas
results-figure-reordered = desordenadas
results-figure-response-time = tiempo de respuesta, { $which ->
    [min] mín.
    [mean] media
    [max] máx.
   *[other] { $which }
}
results-figure-jitter = jitter
results-figure-interval-mean = intervalo de envío, media
results-figure-interval-deviation = intervalo de envío, desviación
results-figure-bytes = bytes
