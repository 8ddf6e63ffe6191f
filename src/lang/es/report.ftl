## Títulos de los documentos y de lo que hay en ellos

report-packets = Paquetes
report-exchanges = Intercambios
report-summary = Resumen
report-service = servicio
report-value = valor

## El informe

report-title = Informe de { $file }
report-damaged = La captura está dañada; este informe muestra lo que hay antes del daño. { $what }
report-fact = dato
report-file = Archivo
report-size = Tamaño
report-bytes = { $count } bytes
report-frames = Tramas
report-passed-over = Tramas que el filtro descartó
report-begin = Primera trama
report-end = Última trama
report-duration = Duración
report-program = Hecho con
report-command = Orden
report-no-exchanges = Ningún intercambio: en lo que se ha mirado no hay peticiones ni respuestas.
report-more-services = { $count ->
    [one] Un servicio más, con menos peticiones, no se muestra.
   *[other] { $count } servicios más, con menos peticiones, no se muestran.
}
report-left-out = La tabla tiene { $shown } intercambios: los primeros y, de los siguientes, los perdidos, rechazados, tardíos, duplicados o no solicitados que caben. Fuera de ella quedan: { $answered } respondidos, { $others } de los demás.
report-colors = Los colores de las filas son los de Wireshark:
report-times = Tiempos de respuesta a lo largo de la captura
report-times-caption = Cada punto es una respuesta, en el momento de su petición. Las peticiones sin respuesta están arriba: × perdida, ◆ rechazada.
report-times-thinned = Hay demasiadas respuestas para un punto cada una: de cada intervalo breve se muestran la más rápida y la más lenta, y la primera petición perdida (×) o rechazada (◆).
report-spread = Distribución de los tiempos de respuesta
report-spread-caption = Cuántas respuestas tardaron cuánto. Cada intervalo es más largo que el anterior, más o menos en el mismo factor.
report-timeline = Peticiones y respuestas a lo largo de la captura
report-timeline-marks = Arriba, cada petición cuando se envió; abajo, su respuesta cuando llegó. × se perdió, ◆ se rechazó.
report-timeline-columns = Peticiones según cuándo se enviaron: sobre el eje las respondidas, bajo él las perdidas o rechazadas.
report-ladder = Los primeros intercambios, paso a paso
report-ladder-caption = Cada flecha es una trama, en el orden en que se capturaron, sin escala. × marca dónde no llegó respuesta; una línea discontinua, un error. Bajo ⋮ siguen intercambios posteriores que fallaron.
report-hidden = Lo que no se muestra
report-nothing-hidden = Nada: todas las tramas pertenecen a algún intercambio.
report-method = Cómo se ha hecho
report-method-pairs = Una respuesta corresponde a la petición más antigua, entre los mismos dos extremos (direcciones y puertos), que aún no tiene respuesta; en DNS, MDNS, LLMNR y NBNS decide su identificador. Quien envía primero es el cliente, salvo que se haya indicado un puerto.
report-method-fates = Una respuesta que llega después de { $seconds } s cuenta como tardía. Perdida es una petición sin respuesta en la captura; rechazada, la que cita un error ICMP. El tiempo de respuesta va de la trama de la petición a la de la respuesta, ambas medidas donde se hizo la captura.
report-method-columns = Los números, tiempos, longitudes e Info son los de la lista de paquetes de Wireshark, de modo que cada fila puede encontrarse allí.
report-figures-of-plot = Las cifras de este gráfico
report-axis-time = segundos desde la primera trama
report-requests = peticiones
report-responses = respuestas
report-answered = respondidas
report-lost = perdidas
report-refused = rechazadas
report-fastest = la más rápida
report-slowest = la más lenta
report-from = desde
report-to = hasta
report-count = cuántas
report-client = cliente
report-server = servidor

## Errores

report-needs-file = un informe nombra su captura y la suma de verificación de esta, que la entrada estándar no tiene: guárdela antes en un archivo
report-over-capture = { $file }: es la captura; el informe necesita un nombre propio
report-stopped = detenido antes del final: no se ha escrito ningún informe
report-which-format = { $file }: un informe es HTML o Markdown; su nombre debe terminar en .html o .md
report-unwritable = no se puede escribir { $file }
