## Lo que la ayuda dice alrededor de todo

help-usage = Uso:
help-heading-commands = Órdenes
help-heading-arguments = Argumentos
help-heading-options = Opciones
help-heading-faults-on-purpose = Fallos a propósito
help-placeholder-command = ORDEN
help-placeholder-options = [OPCIONES]
help-default = por defecto
help-values = valores posibles
help-listed = Valores posibles
help-help = Muestra la ayuda
help-help-long = Muestra la ayuda (resumida con '-h')
help-command-help = Muestra esta ayuda o la de una orden
help-lang = Idioma de los mensajes y de la ayuda, en o es [por defecto: el del sistema]
help-version = Muestra la versión

## Lo que está en lugar de un valor

help-name-address-port = DIRECCIÓN:PUERTO
help-name-bpf = BPF
help-name-capture = CAPTURA
help-name-command = ORDEN
help-name-duration-secs = duration:SEGS
help-name-dir = CARPETA
help-name-file = ARCHIVO
help-name-name = NOMBRE
help-name-file-html-file-md = ARCHIVO.html|ARCHIVO.md
help-name-format = FORMATO
help-name-iface = INTERFAZ
help-name-lang = IDIOMA
help-name-n = N
help-name-out-png = SALIDA.png
help-name-percent = PORCENTAJE
help-name-port = PUERTO
help-name-report-capture = INFORME|CAPTURA
help-name-secs = SEGS
help-name-shell = SHELL
help-name-text = TEXTO
help-name-time = TIEMPO
help-name-view = VISTA
help-name-when = CUÁNDO

## Órdenes

help-command-loopshark = La práctica de UDP en un solo programa: servidor y cliente, captura en el bucle local (loopback) y la tabla de Wireshark con cada petición y su respuesta
help-command-lab = Ejecuta servidor, cliente y captura a la vez y muestra la tabla de intercambios
help-command-server = Ejecuta el servidor UDP de la práctica
help-command-client = Ejecuta el cliente UDP de la práctica
help-command-capture = Captura tráfico en vivo, del adaptador de bucle local (loopback) si no se indica otro
help-command-read = Lee una captura guardada
help-command-check = Comprueba la tabla de un informe: con una captura o por sí sola
help-command-report = Escribe un informe de una captura guardada: un solo archivo para entregar
help-command-interfaces = Enumera dónde se puede capturar
help-command-doctor = Dice si una captura funciona aquí, por qué no y qué hacer
help-command-completions = Muestra un script que completa órdenes, opciones y archivos en un shell
help-command-man = Muestra el manual, página por página

## Ejemplos

help-after-loopshark =
    Ejemplos:
      loopshark lab --count 5               la práctica entera: servidor, cliente, captura, tabla
      loopshark lab --count 60 --interval 100ms --loss 20% --delay 5ms --view summary
                                            una red mala y lo que le hace a la transmisión
      loopshark read practica6.pcap         los intercambios de una captura guardada
      loopshark read lab.pcapng --view packets --all
                                            todas las tramas, como las muestra tshark
      loopshark capture -a duration:10 -w lab.pcap
                                            diez segundos de tráfico local, mostrados y guardados
      loopshark check informe.pdf lab.pcap  si la tabla de un informe muestra lo que se capturó
      loopshark doctor                      si una captura funciona aquí y qué hacer si no
help-after-lab =
    Ejemplos:
      loopshark lab                         cinco mensajes, uno por segundo, y su tabla
      loopshark lab --count 20 --interval 100ms -w lab.pcap
                                            más rápido, con las tramas guardadas para Wireshark
      loopshark lab --bind '[::1]:8080'     lo mismo con IPv6
      loopshark lab --loss 20% --delay 5ms --seed 3 --view summary
                                            fallos a propósito, los mismos cada vez
help-after-server =
    Ejemplos:
      loopshark server                      el servidor de la práctica, en 127.0.0.1:8080
      loopshark server --echo --bind 127.0.0.1:9000
                                            responde con lo recibido, en otro puerto
      loopshark server --loss 20% --delay 5ms
                                            pierde y retrasa respuestas a propósito
help-after-client =
    Ejemplos:
      loopshark client --count 5            cinco mensajes, uno por segundo
      loopshark client --interactive        envía cada línea tecleada
      loopshark client --server 127.0.0.1:9000 --message hola --interval 200ms
                                            a otro servidor, más rápido
      loopshark client --in-flight 32 --count 100000 --quiet
                                            tan rápido como responda el servidor
help-after-capture =
    Ejemplos:
      loopshark capture                     lo que pasa por el bucle local, hasta Ctrl-C
      loopshark capture -f "udp port 8080 or icmp" -w lab.pcap
                                            solo la práctica, además guardada
      loopshark capture -i eth0 -a duration:10 --view summary
                                            diez segundos de otro adaptador, en cifras
      loopshark capture -w - | tshark -r -  tramas para otro programa
help-after-read =
    Ejemplos:
      loopshark read practica6.pcap         peticiones con sus respuestas y sus tiempos
      loopshark read practica6.pcap --view packets --all
                                            todas las tramas, como las muestra tshark
      loopshark read practica6.pcap --view summary --timeout 0.5
                                            cifras; una respuesta pasado medio segundo llega tarde
      loopshark read practica6.pcap -T jsonl
                                            para un script
      tcpdump -i lo -w - | loopshark read -  de otro programa
help-after-report =
    Ejemplos:
      loopshark report practica6.pcap -o informe.html --lang es
                                            intercambios, cifras y gráficas, para ver o imprimir
      loopshark report practica6.pcap -o informe.md
                                            lo mismo en Markdown, con tablas en lugar de gráficas
help-after-check =
    Ejemplos:
      loopshark check informe.pdf practica6.pcap
                                            fila por fila, lo que se muestra y lo que se capturó
      loopshark check --annotate marcada.png pantalla.png practica6.pcap
                                            lo mismo, marcado en la imagen
      loopshark check informe.md            sin captura: lo que unas filas dicen de otras
      loopshark read practica6.pcap --all --view packets | loopshark check - practica6.pcap

    Veredictos: coincide, casi (solo cambia lo que confunden el OCR y quien teclea), difiere, ausente
    (la captura no tiene esa trama), ilegible. Un hallazgo es un sitio donde mirar, no una acusación.
    Las imágenes las lee tesseract, si está instalado.
help-after-interfaces =
    Ejemplos:
      loopshark interfaces                  números, nombres y direcciones
      loopshark capture -i 2                captura en la segunda de ellas
help-after-doctor =
    Ejemplos:
      loopshark doctor                      el bucle local y la dirección de la práctica
      loopshark doctor --port 9000          otro puerto
      loopshark doctor --bind '[::1]:8080' -i eth0
                                            otra dirección y otro adaptador
      loopshark doctor -T json              para un script; estado 1 si no se podría capturar
help-after-completions =
    Ejemplos:
      loopshark completions bash > ~/.local/share/bash-completion/completions/loopshark
      loopshark completions zsh > ~/.zfunc/_loopshark
                                            con `fpath+=~/.zfunc` antes de `compinit` en ~/.zshrc
      loopshark completions fish > ~/.config/fish/completions/loopshark.fish
      loopshark completions powershell >> $PROFILE
help-after-man =
    Ejemplos:
      loopshark man -o ~/.local/share/man/man1
                                            todas las páginas, donde `man loopshark` las encuentra
      loopshark man read | man -l -         una página, leída al momento

## Lo que se muestra y cómo

help-view = Qué mostrar
help-view-value-exchanges = Peticiones con sus respuestas y los tiempos de respuesta
help-view-value-packets = Una fila por trama
help-view-value-summary = Cifras de cada servicio
help-format = Formato [por defecto: table; con packets, text]
help-format-value-table = Para personas
help-format-value-text = Como muestra tshark las filas
help-format-value-jsonl = Un objeto JSON por línea
help-format-value-csv = Para hojas de cálculo
help-format-value-tsv = Para cut, awk y sort
help-format-value-md = Una tabla Markdown
help-format-value-html = Un documento para el navegador
help-all = Muestra también el ruido de fondo (MDNS, LLMNR, SSDP, ARP, …)
help-port = El puerto del servicio, si quien envía primero no es el cliente
help-timeout = Segundos a partir de los cuales una respuesta llega tarde
help-time = Columna Time: r desde la primera trama, a/ad hora local, d desde la trama anterior, dd desde la fila anterior, e desde 1970, u/ud UTC
help-two-passes = Dos pasadas por una captura guardada, para que las filas sepan de tramas posteriores ([Reassembled in #5] y similares)
help-details = Muestra las capas de cada trama campo por campo, y en qué lugar de la trama está cada uno
help-hex = Muestra los bytes de cada trama, como tshark
help-explain = Explica los campos de cada trama: de dónde viene cada byte (con -V)
help-color = Filas con los colores de Wireshark
help-color-value-auto = Una tabla en una terminal que tiene colores, salvo que se defina NO_COLOR
help-color-value-always = También texto, y también en una tubería
help-color-value-never = Nada
help-no-pager = Muestra directamente en la terminal, sin el paginador (`LOOPSHARK_PAGER`, `PAGER` o less)

## Fallos a propósito

help-loss = Deja sin respuesta esa parte de las peticiones
help-delay = Tiempo antes de cada respuesta
help-jitter = Hasta cuánto más o menos de ese tiempo
help-duplicate = Envía dos veces esa parte de las respuestas
help-reorder = Envía esa parte de las respuestas solo después de la siguiente
help-seed = Comete los mismos fallos que otra ejecución con esta semilla [por defecto: otra cada vez]

## La práctica

help-bind = Dónde escucha el servidor
help-message = Texto que envía el cliente
help-reply = Texto con el que responde el servidor
help-interval = Tiempo entre un mensaje y el siguiente
help-lab-count = Cuántos mensajes enviar
help-server-echo = Responde con lo recibido en lugar de un texto
help-server-quiet = No muestra una línea por cada mensaje, solo dónde escucha
help-client-server = El servidor al que preguntar
help-client-count = Termina después de tantos mensajes [por defecto: sigue hasta Ctrl-C]
help-client-in-flight = Genera carga: envía sin pausa, con hasta tantos mensajes en espera de respuesta, y dice el ritmo y los tiempos de respuesta. Cada uno espera en un puerto propio, que se vuelve a usar después de otros tres veces más numerosos
help-client-timeout = Segundos que se espera una respuesta
help-client-interactive = Envía cada línea tecleada, o recibida por la entrada estándar, y muestra su respuesta
help-client-quiet = No muestra una línea por cada mensaje, solo qué fue de ellos

## Capturas

help-lab-write = Guarda además las tramas (pcapng si ARCHIVO termina en .pcapng o .ntar, si no pcap; `-` para la salida estándar)
help-capture-write = Guarda además las tramas (pcapng si ARCHIVO termina en .pcapng o .ntar, si no pcap; `-` para la salida estándar, entonces sin la tabla)
help-read-write = Guarda las tramas que se muestran (pcapng si ARCHIVO termina en .pcapng o .ntar, si no pcap; `-` para la salida estándar, entonces no se muestra nada)
help-read-comment = Con -w a un archivo pcapng: dice en un comentario de cada trama qué fue de su intercambio
help-read-merge = Lee varias capturas como una sola, en orden de tiempo
help-count = Termina después de tantas tramas
help-read-count = Termina después de tantas tramas, de cada captura o de la combinada
help-capture-interface = Interfaz en la que capturar: su número, su nombre o parte de su descripción [por defecto: el adaptador de bucle local]
help-capture-filter = Filtro de captura, como en tcpdump: `udp port 8080 or icmp`
help-capture-autostop = Termina por sí sola, como en `duration:10` (segundos)
help-user = Con el dispositivo abierto, root se convierte en este usuario, del que serán los archivos [por defecto: quien llamó a sudo, si no nobody]
help-read-files = Capturas, pcap o pcapng, también comprimidas (gzip, Zstandard, LZ4); `-` para la entrada estándar
help-filter = Mira solo las tramas que pasan este filtro de captura, como en tcpdump

## Informes

help-report-file = La captura, pcap o pcapng
help-report-output = El informe: HTML si su nombre termina en .html, Markdown si termina en .md
help-report-title = Lo que lo encabeza [por defecto: que es un informe de CAPTURA]
help-check-files = Informes: texto, Markdown, CSV, imágenes (PNG, JPEG, BMP, WebP) o PDF, `-` para la entrada estándar; y la captura (pcap o pcapng) que dicen mostrar, si la hay
help-check-format = Formato
help-check-format-value-table = Para personas
help-check-format-value-json = Un documento JSON
help-check-format-value-md = Una tabla Markdown
help-check-annotate = Guarda la imagen del informe con sus filas marcadas: verde si coincide, ámbar si casi, rojo lo demás

## El sistema

help-doctor-interface = Interfaz que se examina: su número, su nombre o parte de su descripción [por defecto: el adaptador de bucle local]
help-doctor-bind = La dirección del servicio
help-doctor-port = El puerto del servicio, en esa dirección
help-doctor-format = Formato
help-doctor-format-value-table = Para personas
help-doctor-format-value-json = Un documento JSON
help-shell = El shell
help-page = La orden cuya página se muestra [por defecto: el propio loopshark]
help-out = Escribe todas las páginas en esta carpeta

## Lo que está mal en una línea de órdenes

help-error-unknown-argument = no existe la opción '{ $arg }'
help-error-unknown-command = no existe la orden '{ $command }'
help-error-missing-command = falta la orden: { $known }
help-error-missing-argument = faltan estos argumentos:
help-error-conflict = '{ $arg }' no se puede usar junto con { $others }
help-error-twice = '{ $arg }' no se puede usar más de una vez
help-error-no-equals = '{ $arg }' lleva un signo igual delante de su valor
help-error-no-value = '{ $arg }' necesita un valor
help-error-invalid-value = valor no válido '{ $value }' para '{ $arg }'
help-error-too-many-values = sobra el valor '{ $value }' de '{ $arg }'
help-error-too-few-values = '{ $arg }' necesita al menos { $wanted } valores y recibió { $given }
help-error-wrong-number = '{ $arg }' necesita { $wanted } valores y recibió { $given }
help-error-utf-8 = hay un argumento que no es UTF-8 válido
help-error-similar-command = se parece a: { $known }
help-error-similar-argument = se parece a: { $known }
help-error-similar-value = se parece a: { $known }
help-error-after-dashes = si '{ $arg }' es un valor y no una opción, escribir '-- { $arg }'
help-error-more = Más información con '--help'.
