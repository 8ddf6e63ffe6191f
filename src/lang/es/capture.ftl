## Captura en vivo

capture-started = capturando en { $place }; Ctrl-C la termina
capture-with-filter = { $name } con el filtro `{ $filter }`
capture-counters = tramas capturadas: { $captured }, recibidas por el filtro: { $received }, descartadas por el núcleo: { $dropped }
capture-unsaved = { $error }; lo que llegue a partir de ahora se muestra, pero no se guarda
capture-nothing-yet = todavía nada en { $place }; ¿está en marcha el servidor y envía el cliente a 127.0.0.1? El tráfico hacia otra máquina pasa por otra interfaz: `loopshark interfaces` las muestra
capture-no-loopback = aquí no hay interfaz de bucle local (loopback); `loopshark interfaces` muestra las que hay, `-i` elige una
capture-no-interface = no existe esa interfaz; hay { $names }
capture-several-interfaces = eso es parte de varias descripciones: { $names }
capture-went-down = la interfaz se ha desactivado, y con eso terminó la captura
capture-went-away = la interfaz ha desaparecido, y con eso terminó la captura
capture-nothing-to-capture-on = no hay dónde capturar: { $advice }
capture-loopback = [bucle local]
capture-unfiltered-calls = ningún filtro de llamadas al sistema protege esta captura: { $cause }

## Servidor y cliente

lab-port-in-use = { $address }: el puerto está en uso: { $holder } ya escucha ahí; terminarlo o elegir otro puerto con `--bind { $other }`
lab-no-such-address = { $address }: esta máquina no tiene esa dirección; la de la práctica es `--bind 127.0.0.1:8080`
lab-low-port = { $address }: sin permiso para usar un puerto inferior a 1024; elegir otro con `--bind`
lab-excluded-port = { $address }: Windows reserva este puerto para otra cosa (`netsh interface ipv4 show excludedportrange udp` muestra cuáles); se elige otro con `--bind`
lab-console = no se puede escribir en la consola: { $cause }
lab-broke-down = se interrumpió por un fallo
lab-client-ended = el cliente no puede continuar
lab-faults-announced = fallos a propósito: { $faults }
lab-faults = pérdida { $loss } %, retardo { $delay } ± { $jitter }, duplicación { $duplicate } %, desorden { $reorder } %, semilla { $seed }
lab-server-log = servidor: { $log }
lab-log = peticiones recibidas: { $received }, respondidas: { $answered }, perdidas: { $lost }, duplicadas: { $duplicated }, desordenadas: { $reordered }
lab-client-outcome = cliente: { $outcome }
lab-outcome = mensajes enviados: { $sent }, respondidos: { $answered }, perdidos: { $lost } ({ $percent } %)
lab-interval-in-flight = `--in-flight` envía sin pausa: solo admite `--interval 0`, o ninguno
lab-few-sockets = { $messages } mensajes en vuelo necesitan { $wanted } sockets, y solo puede haber { $most } abiertos: subir el límite con `ulimit -n { $limit }` o dejar menos en espera
lab-load = respondidos: { $answered } en { $seconds } s, { $rate }/s
lab-load-times = tiempo de respuesta: mín. { $min } ms, media { $mean } ms, p50 { $p50 } ms, p99 { $p99 } ms, máx. { $max } ms
lab-load-refused = rechazados: { $count }
lab-load-unasked = respuestas que nadie esperaba: { $count }
